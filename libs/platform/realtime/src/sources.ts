import type { LiveService } from '@innkeep/contracts';
import type { Entry } from './entry';

/** Where an organization's events are, and how far they go. */
export interface Head {
  readonly organizationId: number;
  readonly bucket: number;
  readonly shard: string;
  readonly epoch: number;
  readonly version: number;
}

/** The truth: the event log. */
export interface LiveLog {
  /** How far the log of an organization goes. */
  head(organizationId: number): Promise<Head>;
  /** The organizations among these that are past the version given, with the version they are at. */
  ahead(known: readonly Head[]): Promise<ReadonlyMap<number, number>>;
  /** The organizations among these whose bucket was moved or restored: what is known of their positions is worth nothing any more. */
  moved(known: readonly Head[]): Promise<ReadonlySet<number>>;
  /** The events after one version up to another, in order, so many at most. What is in the archive is left out. */
  read(organizationId: number, after: number, upTo: number, limit: number): Promise<Entry[]>;
}

/** Asks a process that may be another one to change a stream. */
export interface Control {
  readonly streamId: string;
  readonly userId: number;
  /** Null is everything. */
  readonly services?: readonly LiveService[] | null;
  readonly propertyIds?: readonly number[] | null;
  readonly isPaused?: boolean;
}

/** The hurry: what tells of events as they happen, and may lose any of them. */
export interface Fanout {
  /** From now on messages about the organization come, if they come. */
  listen(organizationId: number): Promise<void>;
  unlisten(organizationId: number): void;
  /** Says once more that the organizations are listened to. */
  keepWanting(organizationIds: readonly number[]): void;
  /** What is still hot of an organization behind a version; not necessarily without gaps. */
  window(organizationId: number, after: number): Promise<Entry[]>;
  /** Tells all processes that listen to the organization. */
  control(organizationId: number, control: Control): Promise<void>;
}
