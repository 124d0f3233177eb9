import { type UnitFacts, addDays } from '@innkeep/contracts';
import { refuse } from './guests.problems';
import { type Stay, heldDays } from './stay';

/** The first and the last day on which a stay is in its units. A party that leaves on the day it comes is there on that day. */
function daysInUnits(stay: Stay): { first: string; last: string } {
  const { from, to } = heldDays(stay);
  return { first: from, last: to > from ? addDays(to, -1) : from };
}

const at = (index: number, detail: string) => [{ pointer: `/unitIds/${index}`, detail }];

/** Whether the units can be given to the party on its days, as far as that is up to the units: that nobody else has them is not. */
export function assertUnitsFit(stay: Stay, units: ReadonlyMap<string, UnitFacts>): void {
  if (stay.unitIds.length === 0) return;
  const { first, last } = daysInUnits(stay);
  let capacity = 0;
  stay.unitIds.forEach((id, index) => {
    const unit = units.get(id);
    if (!unit || unit.propertyId !== stay.propertyId)
      throw refuse('unit-unknown', 'Use the id of a unit that the property lists.', at(index, 'is no unit of it'));
    if (first < unit.inServiceFrom || (unit.inServiceUntil !== null && last > unit.inServiceUntil))
      throw refuse('unit-out-of-order', `${unit.name} is not in service then.`, at(index, 'is out of service'));
    const period = unit.outOfOrder.find(({ from, to }) => from <= last && to >= first);
    if (period)
      throw refuse('unit-out-of-order', `${unit.name} is out of order from ${period.from} to ${period.to}.`, [
        ...at(index, 'is out of order'),
      ]);
    capacity += unit.capacity;
  });
  if (stay.adults + stay.children > capacity)
    throw refuse('unit-too-small', `They hold ${capacity}. Give the party more of them, or larger ones.`, [
      { pointer: '/unitIds', detail: 'holds fewer people than the party has' },
    ]);
}

/** Whether a change is about what the units have to fit. What was fitting is not asked about again. */
export const concernsUnits = (before: Stay, after: Stay): boolean =>
  JSON.stringify([before.unitIds, heldDays(before), before.adults + before.children]) !==
  JSON.stringify([after.unitIds, heldDays(after), after.adults + after.children]);
