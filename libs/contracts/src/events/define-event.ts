import type { z } from 'zod';

/**
 * An event type: one string in code, JSON and SQL, the version its payload has now, and the schema of that payload.
 * A payload carries everything a projection needs, so that no fold has to look anything up.
 */
export interface EventType<Type extends string = string, Data extends z.ZodType = z.ZodType> {
  readonly type: Type;
  readonly version: number;
  readonly schema: Data;
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
}

/** An event as the log holds it. `position` is the bucket's and never leaves the system; `version` is the organization's. */
export interface RecordedEvent<Type extends string = string, Data = unknown> extends NewEvent<Type, Data> {
  readonly bucket: number;
  readonly organizationId: number;
  readonly position: number;
  readonly version: number;
  readonly recordedAt: Date;
  readonly actorId?: number;
  readonly requestId?: string;
}

/** Declares an event type. The name is past tense; the schema is what the log may hold at this version. */
export function defineEvent<Type extends string, Data extends z.ZodType>(
  type: Type,
  version: number,
  schema: Data,
): EventType<Type, Data> {
  const build = (data: z.infer<Data>, about: EventSubject = {}) => ({ type, schemaVersion: version, data, ...about });
  return Object.assign(build, { type, version, schema });
}
