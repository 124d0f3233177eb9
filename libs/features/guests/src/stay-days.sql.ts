import { type Sql, rawSql, sql } from '@innkeep/platform/database';

/** Who comes, who goes and who is there on a day. */
export type Movement = 'arrivals' | 'departures' | 'in-house';

// As the indexes of the table have them; not by "coalesce", with which no index is asked behind row-level security. What happened counts,
// and until it has, what was agreed.
export const firstDay = rawSql('(case when s.arrived_on is null then s.arrives_on else s.arrived_on end)');
export const lastDay = rawSql('(case when s.departed_on is null then s.departs_on else s.departed_on end)');

/** Whether the party of the row `s` is, was or is to be there on a day; of who stays longer than agreed, no end is known. */
export const thereOn = (day: Sql): Sql =>
  sql`(${firstDay} <= ${day} and (${lastDay} >= ${day} or s.status = 'in-house'))`;

const some = (ofProperty: Sql, condition: Sql): Sql =>
  sql`select s.* from guests.stays s where ${ofProperty} and ${condition}`;

/**
 * The stays that touch a range of days, of the property that a condition on the row `s` names. Who stays longer than agreed is found by an
 * index of its own, as below.
 */
export const partiesDuring = (
  { from, to }: { readonly from: string; readonly to: string },
  ofProperty: Sql,
): Sql => sql`
  (${some(ofProperty, sql`${firstDay} <= ${to}::date and ${lastDay} >= ${from}::date`)} offset 0) union all
  (${some(ofProperty, sql`s.status = 'in-house' and ${firstDay} <= ${to}::date and ${lastDay} < ${from}::date`)} offset 0)`;

const parties: Readonly<Record<Movement, (day: Sql, ofProperty: Sql) => Sql>> = {
  arrivals: (day, ofProperty) => some(ofProperty, sql`${firstDay} = ${day} and s.status <> 'cancelled'`),
  departures: (day, ofProperty) => some(ofProperty, sql`${lastDay} = ${day} and s.status <> 'cancelled'`),
  // Who is there still and who has left since are each found by an index of their own. Under one condition, or ordered before they are put
  // together, all stays that the property ever had would be looked through for a page that does not fill: hence also the offset of none.
  'in-house': (day, ofProperty) => sql`
    (${some(ofProperty, sql`s.status = 'in-house' and ${firstDay} <= ${day}`)} offset 0) union all
    (${some(ofProperty, sql`s.status = 'departed' and ${firstDay} <= ${day} and ${lastDay} > ${day}`)} offset 0)`,
};

/** The stays on a list of a day, of the property that a condition on the row `s` names. */
export const partiesOn = (movement: Movement, day: Sql, ofProperty: Sql): Sql => parties[movement](day, ofProperty);
