import type { OutOfOrderPeriod } from '../events/units.events';
import type { Sql } from './sql';

/** What another feature may know of a unit. */
export interface UnitFacts {
  readonly id: string;
  readonly propertyId: number;
  readonly name: string;
  readonly capacity: number;
  readonly inServiceFrom: string;
  readonly inServiceUntil: string | null;
  readonly outOfOrder: readonly OutOfOrderPeriod[];
}

/** Answered by the properties feature. The units stay as they are to the end of the transaction; ids that are none are absent. */
export abstract class UnitPort {
  abstract find(sql: Sql, unitIds: readonly string[]): Promise<Map<string, UnitFacts>>;
}
