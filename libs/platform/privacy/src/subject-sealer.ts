import { randomBytes } from 'node:crypto';
import { type NewEvent, type Subject, SubjectErased } from '@innkeep/contracts';
import { EventSealer, type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { KEY_BYTES } from './boxes';
import type { MasterKeys } from './master-keys';
import { sealField, subjectName } from './sealed-fields';

interface TakenKey {
  readonly subject: string;
  readonly wrapped_key: Buffer | null;
  readonly master_key: string | null;
}

/** Seals the personal fields of events with the keys of their subjects. A subject gets its key with the first event about it. */
export class SubjectSealer extends EventSealer {
  constructor(private readonly masterKeys: MasterKeys) {
    super();
  }

  async seal(transaction: OrganizationTransaction): Promise<readonly NewEvent[]> {
    const concerned = transaction.events.flatMap(({ personal }) => (personal ? [subjectName(personal.subject)] : []));
    const keys = await this.take(transaction, [...new Set(concerned)].sort());
    return transaction.events.map((event) => sealEvent(event, transaction.organizationId, keys));
  }

  /** The key of each subject; none for one that is erased. In one statement, and in an order in which nobody waits for another in a circle. */
  private async take(
    transaction: OrganizationTransaction,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, Buffer>> {
    const { bucket, organizationId } = transaction;
    const offers = names.map(
      (subject) => this.masterKeys.wrap({ organizationId, subject }, randomBytes(KEY_BYTES)).wrapped,
    );
    const { current } = this.masterKeys;
    const taken = await transaction.query<TakenKey>(sql`
      select o.subject, k.wrapped_key, k.master_key
      from unnest(${names}::text[], ${offers}::bytea[]) with ordinality o(subject, wrapped_key, n)
        cross join lateral privacy.take_key(${bucket}::smallint, ${organizationId}::bigint, o.subject, o.wrapped_key, ${current}::text,
          ${this.masterKeys.fingerprint(current)}::bytea) k
      order by o.n`);
    return new Map(
      taken.flatMap(({ subject, wrapped_key: wrapped, master_key: masterKey }) =>
        wrapped && masterKey
          ? [[subject, this.masterKeys.unwrap({ organizationId, subject }, { wrapped, masterKey })]]
          : [],
      ),
    );
  }
}

function sealEvent(event: NewEvent, organizationId: number, keys: ReadonlyMap<string, Buffer>): NewEvent {
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
