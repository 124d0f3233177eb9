import { type Sql, rawSql, sql } from '@innkeep/platform/database';

/** Who comes, who goes and who is there on a day. */
export type Movement = 'arrivals' | 'departures' | 'in-house';

// As the indexes of the table have them. What happened counts, and until it has, what was agreed.
const first = rawSql('coalesce(s.arrived_on, s.arrives_on)');
const last = rawSql('coalesce(s.departed_on, s.departs_on)');

/** Whether the party of the row `s` is, was or is to be there on a day; of who stays longer than agreed, no end is known. */
export const thereOn = (day: Sql): Sql => sql`(${first} <= ${day} and (${last} >= ${day} or s.status = 'in-house'))`;

const conditions: Readonly<Record<Movement, (day: Sql) => Sql>> = {
  arrivals: (day) => sql`${first} = ${day} and s.status <> 'cancelled'`,
  departures: (day) => sql`${last} = ${day} and s.status <> 'cancelled'`,
  'in-house': (day) =>
    sql`${first} <= ${day} and (s.status = 'in-house' or (${last} > ${day} and s.status = 'departed'))`,
};

/** Whether the party of the row `s` is on a list of a day. */
export const movesOn = (movement: Movement, day: Sql): Sql => conditions[movement](day);
