import { type NewEvent, type Subject, SubjectErased } from '@innkeep/contracts';
import { EventSealer, type OrganizationTransaction, sql } from '@innkeep/platform/database';
import type { MasterKeys } from './master-keys';
import { sealField, subjectName } from './sealed-fields';
import { takeKeys } from './taken-keys';

/** Seals the personal fields of events with the keys of their subjects. A subject gets its key with the first event about it. */
export class SubjectSealer extends EventSealer {
  constructor(private readonly masterKeys: MasterKeys) {
    super();
  }

  async seal(transaction: OrganizationTransaction): Promise<readonly NewEvent[]> {
    const concerned = transaction.events.flatMap((event) => concernedSubject(event) ?? []);
    const keys = await takeKeys(transaction, this.masterKeys, concerned);
    return transaction.events.map((event) => sealEvent(event, transaction.organizationId, keys));
  }
}

/** The name of the subject whose key it takes to seal the event; undefined if it says nothing personal. */
export function concernedSubject({ data, personal }: NewEvent): string | undefined {
  const saysSomething = personal?.fields.some((field) => ((data as Record<string, unknown>)[field] ?? null) !== null);
  return saysSomething ? subjectName(personal!.subject) : undefined;
}

/** The event as the log holds it: its personal fields sealed with the key of its subject, or for nobody if that one has none. */
export function sealEvent(event: NewEvent, organizationId: number, keys: ReadonlyMap<string, Buffer>): NewEvent {
  if (!event.personal) return event;
  const subject = subjectName(event.personal.subject);
  const data: Record<string, unknown> = { ...(event.data as object) };
  for (const field of event.personal.fields) {
    const text = data[field];
    // What is not there needs no key.
    if (text === null || text === undefined) continue;
    // PostgreSQL stores no NUL in JSON; hidden in a box it would be noticed only by whoever opens it.
    if (typeof text !== 'string' || text.includes('\0'))
      throw new TypeError(`${event.type}.${field} is personal and has to be a text without NUL`);
    data[field] = sealField(keys.get(subject), { organizationId, subject, type: event.type, field }, text);
  }
  return { ...event, data };
}

/**
 * Erases a person from the event log: destroys the key that everything personal about them was sealed with, and records that it is
 * gone. To be called by a command that erases what the write model says of them in the same transaction.
 */
export function eraseSubject(transaction: OrganizationTransaction, subject: Subject): void {
  const { bucket, organizationId } = transaction;
  // A subject that no event told of has no key; its row keeps one from ever being made.
  transaction.write(sql`
    insert into privacy.subject_keys as k (bucket, organization_id, subject, erased_at)
    values (${bucket}, ${organizationId}, ${subjectName(subject)}, now())
    on conflict (bucket, organization_id, subject) do update set wrapped_key = null, master_key = null, erased_at = excluded.erased_at
      where k.erased_at is null`);
  transaction.record(SubjectErased({ kind: subject.kind, id: subject.id }, { entityId: subject.id }));
}
