import type { CommandContext } from '@innkeep/platform/database';
import type { ICommand } from '@nestjs/cqrs';

/**
 * What time brings about: a shift that nobody ended, an approval that nobody gave, a task that comes again. The worker looks for what
 * is due and dispatches a command for each as the system principal, with no user behind it. What is due stands in PostgreSQL, so
 * nothing is forgotten while a worker or a queue is away; it is late, no more.
 */
export interface TimedWork {
  /** Unique over all features; the name of its job and the label of its metrics. */
  readonly name: string;
  /** How often is looked. */
  readonly everySeconds: number;
  /**
   * A function of the database, `(p_now timestamptz, p_limit integer) returns table (organization_id bigint, id text)`: what is due at
   * that moment over all organizations of the shard, what waits longest first. Security definer, and executable by the worker alone.
   */
  readonly due: string;
  /**
   * The command for one thing that is due. It is dispatched at least once and by more than one worker at a time, so its handler decides
   * under a lock whether there is still something to do, and does nothing if not.
   *
   * @param now the moment that it was found due at
   */
  command(context: CommandContext, id: string, now: Date): ICommand;
}
