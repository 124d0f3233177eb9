import type { PropertyScope } from '../principal';
import type { Sql } from './sql';

/** What another feature may know of a property, read in its own transaction. */
export interface PropertyFacts {
  readonly id: number;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  /** Local wall-clock time at which the property's business day begins, `HH:MM`. */
  readonly businessDayStartsAt: string;
}

/** Answered by the properties feature. Property ids that do not exist in the organization are absent from the answer. */
export abstract class PropertyPort {
  abstract find(sql: Sql, propertyIds: readonly number[]): Promise<Map<number, PropertyFacts>>;
  /** Those of a scope by their ids, and not more than so many. */
  abstract list(sql: Sql, scope: PropertyScope, limit: number): Promise<readonly PropertyFacts[]>;
  /** How many the organization has. */
  abstract count(sql: Sql): Promise<number>;
}
