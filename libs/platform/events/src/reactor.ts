import type { EventType, RecordedEvent } from '@innkeep/contracts';
import type { Sql } from '@innkeep/platform/database';

/** What a reactor may do while it reacts. Statements run in the transaction that advances the reactor's checkpoint. */
export interface Reaction {
  query<Row>(statement: Sql): Promise<Row[]>;
}

/**
 * Turns events into one effect outside the read models: ask for a job, publish. It trails the projections, so that whoever acts on
 * the effect finds them up to date, and runs at least once: an effect may be repeated after a crash, never lost. Personal fields are
 * withheld from it: they read as `withheld`, because what has left the system cannot be erased. Send ids, and let them be looked up.
 */
export interface Reactor {
  readonly name: string;
  readonly events: readonly EventType[];
  react(events: readonly RecordedEvent[], reaction: Reaction): Promise<void>;
}

/** Declares a reactor. */
export const defineReactor = (reactor: Reactor): Reactor => reactor;
