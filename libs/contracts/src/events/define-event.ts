import type { z } from 'zod';
import type { PersonalFields, Subject } from './personal-fields';

/**
 * An event type: one string in code, JSON and SQL, the version its payload has now, and the schema of that payload.
 * A payload carries everything a projection needs, so that no fold has to look anything up.
 */
export interface EventType<Type extends string = string, Data extends z.ZodType = z.ZodType> {
  readonly type: Type;
  readonly version: number;
  readonly schema: Data;
  readonly upcasters: Upcasters;
  /** The fields that are sealed when the event is recorded; absent if nothing in it is personal. */
  readonly personal?: readonly string[];
  /** Builds the event to be recorded. `propertyId` decides who may see it; `entityId` names what changed. */
  (data: z.infer<Data>, about?: EventSubject): NewEvent<Type, z.infer<Data>>;
}

export interface EventSubject {
  readonly propertyId?: number;
  readonly entityId?: string | number;
}

/** An event on its way into the log: position, version and time are given by the transaction's last statement. */
export interface NewEvent<Type extends string = string, Data = unknown> extends EventSubject {
  readonly type: Type;
  readonly schemaVersion: number;
  readonly data: Data;
  /** What in it is to be sealed before it is written, and for whom. */
  readonly personal?: { readonly subject: Subject; readonly fields: readonly string[] };
}

/** An event as the log holds it. `position` is the bucket's and never leaves the system; `version` is the organization's. */
export interface RecordedEvent<Type extends string = string, Data = unknown> extends Omit<
  NewEvent<Type, Data>,
  'personal'
> {
  readonly bucket: number;
  readonly organizationId: number;
  readonly position: number;
  readonly version: number;
  readonly recordedAt: Date;
  readonly actorId?: number;
  readonly requestId?: string;
}

/** From each earlier version to the next: what a payload of that version is called today. Pure, total, and never changed again. */
export type Upcasters = Readonly<Record<number, (data: never) => unknown>>;

/** A payload of an earlier version in today's shape. Events are never edited; they are read as if they had been written today. */
export function upcast(eventType: EventType, version: number, data: unknown): unknown {
  let lifted = data;
  for (let from = version; from < eventType.version; from++) {
    const step = eventType.upcasters[from] as ((data: unknown) => unknown) | undefined;
    if (!step) throw new RangeError(`${eventType.type} has no way from version ${from} to ${from + 1}`);
    lifted = step(lifted);
  }
  return lifted;
}

/**
 * Declares an event type. The name is past tense; the schema is what is written at this version; an upcaster stands for each
 * earlier one. Upcasters meet personal fields opened, erased or withheld: always as texts.
 */
export function defineEvent<Type extends string, Data extends z.ZodType>(
  type: Type,
  version: number,
  schema: Data,
  upcasters: Upcasters = {},
  personal?: PersonalFields<Data>,
): EventType<Type, Data> {
  const build = (data: z.infer<Data>, about: EventSubject = {}): NewEvent<Type, z.infer<Data>> => ({
    type,
    schemaVersion: version,
    data,
    ...about,
    ...(personal && { personal: { subject: personal.subject(data), fields: personal.fields } }),
  });
  return Object.assign(build, { type, version, schema, upcasters, personal: personal?.fields });
}
