import { type PropertyFacts, UnitAdded, addDays } from '@innkeep/contracts';
import { unitDecisions } from '@innkeep/features/properties';
import { idAt } from './made-up-ids';
import { DAY_MS, type Making, dayText, lastWholeDay } from './making';

/** They are there before the first stay, and what is out of order is so behind the last. */
const IN_SERVICE_DAYS = 400;
const OUT_OF_ORDER_DAYS = 90;

/** What kinds of units there are, how many people each holds, and how often it is met. */
const kinds: readonly (readonly [readonly [unitType: string, capacity: number], number])[] = [
  [['single', 1], 15],
  [['double', 2], 50],
  [['twin', 2], 20],
  [['family', 4], 15],
];

/** A unit, and to whom it can be given. */
export interface MadeUpUnit {
  readonly id: string;
  readonly capacity: number;
  /** The first day on which it is nobody's. */
  freeFrom: string;
  isOccupied: boolean;
}

/** Adds the units of all properties. Answers those of each. */
export const writeUnits = (making: Making): ReadonlyMap<number, readonly MadeUpUnit[]> =>
  new Map(
    making.properties.map((property) => [
      property.id,
      Array.from({ length: making.amounts.unitsOfEach }, (_, n) => addUnit(making, property, n)),
    ]),
  );

function addUnit(making: Making, { id: propertyId }: PropertyFacts, n: number): MadeUpUnit {
  const { choices, log, rows, tenant, team, now } = making;
  const today = dayText(lastWholeDay(now));
  const [unitType, capacity] = choices.weighted(kinds);
  const from = addDays(today, OUT_OF_ORDER_DAYS);
  const unit = unitDecisions.addUnit(
    idAt(now - IN_SERVICE_DAYS * DAY_MS, making),
    propertyId,
    {
      // Five on a floor.
      name: `${Math.floor(n / 5) + 1}0${(n % 5) + 1}`,
      ...{ unitType, capacity },
      inServiceFrom: addDays(today, -IN_SERVICE_DAYS),
      outOfOrder: choices.happens(0.1) ? [{ from, to: addDays(from, 4), reason: 'New bathroom' }] : [],
    },
    today,
  );
  const event = UnitAdded(unitDecisions.unitSnapshotOf(unit), { propertyId, entityId: unit.id });
  const version = log.record('unit', event, team.manager.userId);
  rows.units.add(
    ...[...tenant, unit.id, propertyId, unit.name, unitType, capacity, unit.inServiceFrom, unit.inServiceUntil],
    ...[JSON.stringify(unit.outOfOrder), version],
  );
  return { id: unit.id, capacity, freeFrom: unit.inServiceFrom, isOccupied: false };
}
