import { DomainError, type OutOfOrderPeriod, type UnitSnapshot, label } from '@innkeep/contracts';
import { dayParameter, httpProblems, shapes } from '@innkeep/platform/http';
import { z } from 'zod';

const MAX_PERIODS = 100;

export const unitName = label(50).describe('What people call it, unique in the property');
export const unitType = label(50).describe('What kind of unit it is, in your own words');
export const capacity = z.int().min(1).max(100).describe('How many people it holds');
const day = dayParameter;

const period = z.strictObject({
  from: day.describe('First day'),
  to: day.describe('Last day'),
  reason: label(200).nullable().default(null),
});
export const outOfOrder = z
  .array(period)
  .max(MAX_PERIODS)
  .describe('Days on which it cannot be sold, both included; all of them, in place of those before');

/** What a client gives to add a unit. */
export const unitInput = z.strictObject({
  name: unitName,
  unitType,
  capacity,
  inServiceFrom: day.optional().describe('The first business day on which it counts; by default today'),
  outOfOrder: outOfOrder.default([]),
});
export type UnitInput = z.output<typeof unitInput>;

/** What of a unit can be changed. */
export const unitChanges = z
  .strictObject({
    name: unitName,
    unitType,
    capacity,
    inServiceFrom: day,
    inServiceUntil: day.nullable().describe('The last business day on which it counts; null: for good'),
    outOfOrder,
  })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, 'names nothing to change');
export type UnitChanges = z.output<typeof unitChanges>;

/** A unit as clients see it. */
export const unitAnswer = z
  .object({
    id: shapes.uuidId,
    propertyId: shapes.numericId,
    name: shapes.text('12'),
    unitType: shapes.text('double'),
    capacity: z.int().min(1).meta({ example: 2 }),
    inServiceFrom: shapes.day,
    inServiceUntil: shapes.day.nullable().meta({ example: null }),
    outOfOrder: z.array(z.object({ from: shapes.day, to: shapes.day, reason: shapes.text('New bathroom').nullable() })),
  })
  .meta({ id: 'Unit' });
export type Unit = Readonly<z.output<typeof unitAnswer>>;

const refuseRange = (pointer: string, detail: string) =>
  new DomainError(httpProblems['invalid-range'], 'Let each range end on the day it begins or later, and no two meet.', {
    errors: [{ pointer, detail }],
  });

/** The periods in order; refused if one ends before it begins or two share a day. */
function inOrder(periods: readonly OutOfOrderPeriod[]): OutOfOrderPeriod[] {
  const sorted = [...periods].sort((a, b) => a.from.localeCompare(b.from));
  sorted.forEach(({ from, to }, index) => {
    if (to < from) throw refuseRange('/outOfOrder', `${from} to ${to} ends before it begins`);
    const before = sorted[index - 1];
    if (before && before.to >= from) throw refuseRange('/outOfOrder', `${from} is in two periods`);
  });
  return sorted;
}

function checked(unit: Unit): Unit {
  if (unit.inServiceUntil !== null && unit.inServiceUntil < unit.inServiceFrom)
    throw refuseRange('/inServiceUntil', 'is before inServiceFrom');
  return { ...unit, outOfOrder: inOrder(unit.outOfOrder) };
}

/** A new unit of a property, in service from today unless another day is given. */
export const addUnit = (id: string, propertyId: number, { inServiceFrom, ...input }: UnitInput, today: string): Unit =>
  checked({ id, propertyId, ...input, inServiceFrom: inServiceFrom ?? today, inServiceUntil: null });

/** The unit after a change, or undefined if the change changes nothing. */
export function changeUnit(unit: Unit, changes: UnitChanges): Unit | undefined {
  const changed = checked({ ...unit, ...changes });
  return JSON.stringify(changed) === JSON.stringify(unit) ? undefined : changed;
}

/** What events carry of a unit. */
export const unitSnapshotOf = ({ id: unitId, ...rest }: Unit): UnitSnapshot => ({ unitId, ...rest });
