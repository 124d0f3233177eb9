import {
  GuestCheckedIn,
  GuestCheckedOut,
  GuestExpected,
  type OutOfOrderPeriod,
  StayCancelled,
  StayChanged,
  type StaySnapshot,
  UnitAdded,
  UnitChanged,
  type UnitSnapshot,
} from '@innkeep/contracts';
import { rawSql } from '@innkeep/platform/database';
import { type Projection, foldOf } from '@innkeep/platform/events';
import { type Happening, ProjectionsUnderTest, logArbitraries, logOf, printedSeed } from '@innkeep/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { occupancyByDay } from './get-occupancy/occupancy.sql';
import { guests } from './guests.feature';
import { stayDays } from './stay-days/stay-days.projection';
import { unitDays } from './unit-days/unit-days.projection';

const { organizationIndex, cuts } = logArbitraries(fc);
const runs = { numRuns: 12, seed: printedSeed('occupancy') };

const dayOf = (offset: number): string => new Date(Date.UTC(2026, 1, 20 + offset)).toISOString().slice(0, 10);
/** The range that is asked about lies within the days on which something happens. */
const range = { from: dayOf(5), to: dayOf(24) };
const asked = Array.from({ length: 20 }, (_, index) => dayOf(5 + index));

const day = fc.integer({ min: 0, max: 30 });
const particulars = fc.record({
  arrives: day,
  nights: fc.nat(6),
  arrived: day,
  // Also around the length from which on stays are found by an index of their own, and beyond it.
  stayed: fc.oneof(fc.nat(8), fc.integer({ min: 395, max: 460 })),
  units: fc.nat(3),
  adults: fc.integer({ min: 1, max: 4 }),
  children: fc.nat(2),
});
/** What becomes of one of a few stays, step by step. */
const life = fc.record({
  organization: organizationIndex,
  property: fc.constantFrom(1, 2),
  steps: fc.array(particulars, { minLength: 1, maxLength: 4 }),
  end: fc.constantFrom('expected', 'in-house', 'departed', 'cancelled'),
});

const idOf = (kind: number, index: number) =>
  `0198c5e2-7d3a-7c1e-9a55-${String(kind * 1_000_000 + index).padStart(12, '0')}`;

function staysOf(lives: readonly (typeof life extends fc.Arbitrary<infer L> ? L : never)[]): Happening[][] {
  return lives.map(({ organization, property, steps, end }, index) => {
    const snapshot = (step: (typeof steps)[number], status: StaySnapshot['status']): StaySnapshot => ({
      stayId: idOf(1, index),
      propertyId: property,
      status,
      unitIds: Array.from({ length: step.units }, (_, unit) => idOf(2, unit)),
      unitCount: Math.max(1, step.units),
      ...{ adults: step.adults, children: step.children, partySize: step.adults + step.children },
      ...{ country: null, guestName: null, externalReference: null, checkedInAt: null, checkedOutAt: null },
      ...{ arrivesOn: dayOf(step.arrives), departsOn: dayOf(step.arrives + step.nights) },
      arrivedOn: status === 'in-house' || status === 'departed' ? dayOf(step.arrived) : null,
      departedOn: status === 'departed' ? dayOf(step.arrived + step.stayed) : null,
    });
    const last = steps.at(-1)!;
    const happen = (type: Happening['type'], data: StaySnapshot): Happening => ({ organization, type, data });
    const before = steps.map((step, at) => happen(at === 0 ? GuestExpected : StayChanged, snapshot(step, 'expected')));
    if (end === 'expected') return before;
    if (end === 'cancelled') return [...before, happen(StayCancelled, snapshot(last, 'cancelled'))];
    const arrived = [...before, happen(GuestCheckedIn, snapshot(last, 'in-house'))];
    return end === 'in-house' ? arrived : [...arrived, happen(GuestCheckedOut, snapshot(last, 'departed'))];
  });
}

const unitLife = fc.record({
  organization: organizationIndex,
  property: fc.constantFrom(1, 2),
  states: fc.array(
    fc.record({ from: day, until: fc.option(day), broken: fc.option(fc.record({ from: day, days: fc.nat(5) })) }),
    { minLength: 1, maxLength: 3 },
  ),
});

function unitsOf(lives: readonly (typeof unitLife extends fc.Arbitrary<infer L> ? L : never)[]): Happening[][] {
  return lives.map(({ organization, property, states }, index) =>
    states.map(({ from, until, broken }, at): Happening => {
      const outOfOrder: OutOfOrderPeriod[] = broken
        ? [
            { from: dayOf(broken.from), to: dayOf(broken.from + broken.days), reason: null },
            { from: dayOf(60), to: dayOf(61), reason: 'later' },
          ]
        : [];
      const data: UnitSnapshot = {
        ...{
          unitId: idOf(3, index),
          propertyId: property,
          name: `${index}`,
          unitType: 'double',
          capacity: 2,
          outOfOrder,
        },
        inServiceFrom: dayOf(from),
        inServiceUntil: until === null ? null : dayOf(Math.max(from, until)),
      };
      return { organization, type: at === 0 ? UnitAdded : UnitChanged, data };
    }),
  );
}

/** The same counted one day, one stay and one unit at a time, from what each of them came to be. */
function recount(stays: readonly StaySnapshot[], units: readonly UnitSnapshot[]): object[] {
  return asked.map((today) => {
    const there = stays.filter((stay) => {
      const nights: string[] = [];
      const end = stay.departedOn ?? stay.departsOn;
      for (let night = stay.arrivedOn ?? stay.arrivesOn; night < end;) {
        nights.push(night);
        night = new Date(Date.parse(night) + 86_400_000).toISOString().slice(0, 10);
      }
      return nights.includes(today);
    });
    const come = there.filter(({ status }) => status === 'in-house' || status === 'departed');
    const due = there.filter(({ status }) => status === 'expected');
    const serving = units.filter((one) => one.inServiceFrom <= today && today <= (one.inServiceUntil ?? '9999'));
    const broken = serving.filter((one) => one.outOfOrder.some(({ from, to }) => from <= today && today <= to));
    const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);
    return {
      day: today,
      units: serving.length,
      outOfOrder: broken.length,
      available: serving.length - broken.length,
      occupied: sum(come.map(({ unitCount }) => unitCount)),
      guests: sum(come.map(({ partySize }) => partySize)),
      expected: sum(due.map(({ unitCount }) => unitCount)),
    };
  });
}

const lastOf = <Data>(lives: readonly (readonly Happening[])[], organization: number): Data[] =>
  lives.flatMap((one) => (one[0]!.organization === organization ? [one.at(-1)!.data as Data] : []));

describe('occupancy', () => {
  let under: ProjectionsUnderTest<Projection>;
  let admin: Client;
  beforeAll(async () => {
    under = await ProjectionsUnderTest.open(foldOf);
    admin = new Client({ connectionString: under.database.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await under.close();
  });

  const told = async (organization: number, bucket: number, propertyId: number): Promise<object[]> => {
    const one = { bucket, organizationId: 5_000_000 + organization, propertyId, ...range };
    const { text, values } = occupancyByDay(one).compile();
    const { rows } = await admin.query<Record<string, string | number>>(
      `select day::text, units, out_of_order as "outOfOrder", available, occupied, guests, expected from (${text}) o order by day`,
      values,
    );
    return rows.map(({ day: of, ...counts }) => ({
      day: of,
      ...Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Number(count)])),
    }));
  };

  it('is what stays and units come to, counted one by one, whatever happened to them before and whatever the batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(life, { maxLength: 15, size: 'max' }),
        fc.array(unitLife, { maxLength: 8, size: 'max' }),
        cuts,
        async (lives, unitLives, batches) => {
          const [stays, units] = [staysOf(lives), unitsOf(unitLives)];
          const log = logOf([...units.flat(), ...stays.flat()]);
          await under.rowsAfter(stayDays, log, batches);
          await under.rowsAfter(unitDays, log, batches);
          for (const [organization, bucket] of [3, 3, 700].entries())
            for (const propertyId of [1, 2]) {
              const ofProperty = <Data extends { propertyId: number }>(all: Data[]) =>
                all.filter((one) => one.propertyId === propertyId);
              expect(await told(organization, bucket, propertyId)).toEqual(
                recount(
                  ofProperty(lastOf<StaySnapshot>(stays, organization)),
                  ofProperty(lastOf<UnitSnapshot>(units, organization)),
                ),
              );
            }
        },
      ),
      runs,
    );
  });

  it.each(guests.projections!)('$name folds into the table it is given and no other', ({ fold, table }) => {
    const { text } = fold(rawSql('batch'), rawSql('built.beside')).compile();
    expect(text).toContain('built.beside');
    expect(text).not.toContain(table);
  });
});
