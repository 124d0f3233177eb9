import type { PropertyScope } from '../principal';
import type { Sql } from './sql';

/** How many tasks wait for somebody. */
export interface TaskCounts {
  /** Not finished, and assigned to the member. */
  readonly mine: number;
  /** Those of them that should be finished by now. */
  readonly mineOverdue: number;
  /** Not finished and nobody's, in the properties that the member sees. */
  readonly unassigned: number;
}

/** Answered by the tasks feature. */
export abstract class TaskPort {
  abstract counts(sql: Sql, userId: number, properties: PropertyScope, now: Date): Promise<TaskCounts>;
}
