import type { z } from 'zod';

/** A person whom personal data is about: a kind of person and the id within it. */
export interface Subject {
  readonly kind: string;
  readonly id: string;
}

/** The one registry of kinds of persons that events tell of. */
export const subjects = {
  user: (userId: number): Subject => ({ kind: 'user', id: String(userId) }),
  /** The lead guest of a stay has the stay's id. */
  guest: (stayId: string): Subject => ({ kind: 'guest', id: stayId }),
  /** Where a user was when shifts of a month, `YYYY-MM`, began and ended: a subject of its own, because it is erased sooner. */
  location: (userId: number, month: string): Subject => ({ kind: 'location', id: `${userId}.${month}` }),
} as const;

/** The members of a payload that are texts: only those can be personal, because what has been erased reads as a text. */
type TextOf<Data> = {
  [Name in keyof Data]-?: Data[Name] extends string | null | undefined ? Name : never;
}[keyof Data] &
  string;

/**
 * Which fields of an event's payload are personal, and whom they are about. They are written sealed with a key of that person, and
 * read as `erased` once the key is destroyed. A field that has once been personal stays declared: old events hold it sealed.
 */
export interface PersonalFields<Data extends z.ZodType> {
  subject(data: z.infer<Data>): Subject;
  readonly fields: readonly TextOf<z.infer<Data>>[];
}

/** What a personal field reads as once the key of its subject is destroyed. */
export const ERASED = 'erased';

/** What a personal field reads as for whoever may pass on what it sees, so that it would be out of reach when it is to be erased. */
export const WITHHELD = 'withheld';

/** What stands in a payload in the place of a personal field. Without a box the subject was erased before this was written. */
export interface SealedField {
  /** The subject, by its name. */
  readonly sealedFor: string;
  readonly box: string | null;
}

export const isSealed = (value: unknown): value is SealedField =>
  typeof value === 'object' && value !== null && 'sealedFor' in value && 'box' in value;

/** A payload as it is shown to whoever may not see what is personal in it. */
export const withhold = (data: unknown): unknown =>
  Object.fromEntries(
    Object.entries(data as object).map(([name, value]) => [name, isSealed(value) ? WITHHELD : (value as unknown)]),
  );
