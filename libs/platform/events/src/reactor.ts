import type { EventType, RecordedEvent } from '@innkeep/contracts';
import type { Sql } from '@innkeep/platform/database';

/** What a reactor may do while it reacts. Statements run in the transaction that advances the reactor's checkpoint. */
export interface Reaction {
  query<Row>(statement: Sql): Promise<Row[]>;
}

/**
 * Turns events into one effect outside the read models: ask for a job, publish. It runs at least once: an effect may be repeated
 * after a crash, never lost.
 *
 * It sees nothing that the live track has not applied. The projections that it names in `trails` it never overtakes, so that
 * whoever acts on the effect finds them up to date: one that is paused or being built holds the reactor back, an organization that
 * one of them holds parked is not shown until it is back, and then from the event on that could not be taken. What happens to
 * other projections does not concern it.
 *
 * Personal fields are withheld from it: they read as `withheld`, because what has left the system cannot be erased. Send ids, and let
 * them be looked up.
 */
export interface Reactor {
  readonly name: string;
  /** The names of the projections that whoever acts on the effect is going to look at. */
  readonly trails: readonly string[];
  readonly events: readonly EventType[];
  /** Somebody waits for the effect: it has a lane of its own and is not gathered for long. */
  readonly isPrompt?: boolean;
  react(events: readonly RecordedEvent[], reaction: Reaction): Promise<void>;
}

/** Declares a reactor. */
export const defineReactor = (reactor: Reactor): Reactor => reactor;
