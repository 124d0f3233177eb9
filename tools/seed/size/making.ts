import { type Principal, type PropertyFacts, maySeeProperty } from '@innkeep/contracts';
import type { Choices } from '../choices';
import type { Amounts } from './amounts';
import type { MadeUpLog } from './made-up-log';
import type { ShareRows } from './share-rows';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

/** Who works in an organization. */
export interface Team {
  readonly owner: Principal;
  readonly manager: Principal;
  readonly staff: readonly Principal[];
}

/** An organization while it is made up: what its areas have in common. */
export interface Making {
  readonly tenant: readonly [bucket: number, organizationId: number];
  readonly transactions: number;
  readonly amounts: Amounts;
  readonly properties: readonly PropertyFacts[];
  readonly team: Team;
  readonly choices: Choices;
  readonly log: MadeUpLog;
  readonly rows: ShareRows;
  /** Up to when things have happened, in milliseconds of the epoch. */
  readonly now: number;
}

/** The last day, counted from 1970 by UTC, of which all the hours that things happen in are over. */
export const lastWholeDay = (now: number): number => Math.floor((now - 17 * HOUR_MS) / DAY_MS);

/** A day that is counted from 1970, as `YYYY-MM-DD`. */
export const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The properties that somebody looks after. */
export const propertiesOf = ({ properties }: Making, person: Principal): readonly PropertyFacts[] =>
  properties.filter(({ id }) => maySeeProperty(person, id));

/** Those who clock in: not who owns the houses, nor who looks at the books. */
export const workers = ({ team: { manager, staff } }: Making): readonly Principal[] => [manager, ...staff];
