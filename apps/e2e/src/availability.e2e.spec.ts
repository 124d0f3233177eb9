import {
  type Answer,
  SharedInnkeep,
  type Member,
  type Property,
  type Stay,
  type Unit,
  inDays,
  newKey,
  signUp,
} from './system';

interface Availability {
  readonly data: readonly { readonly id: string; readonly name: string; readonly capacity: number }[];
  readonly byType: readonly { readonly unitType: string; readonly free: number }[];
  readonly nextCursor: string | null;
}

describe('the units that are free for a stay', () => {
  const innkeep = new SharedInnkeep();
  let owner: Member;
  let property: Property;
  let last: Answer;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    property = await owner.addProperty({ timeZone: 'UTC' });
  });

  const units = () => `/v1/properties/${property.id}/units`;
  const addUnit = async (particulars: object): Promise<Unit> => {
    last = (await owner.post(units(), { unitType: 'double', capacity: 2, ...particulars })).expect(201);
    return last.as<Unit>(201);
  };
  const changeUnit = async ({ id }: Unit, changes: object) => {
    last = (await owner.patch(`${units()}/${id}`, changes)).expect(200);
  };
  const request = (particulars: object) =>
    owner.send('POST', '/v1/guest-checkin/create', {
      body: { propertyId: property.id, guestName: 'Rui Lopes', ...particulars },
      headers: newKey(),
    });
  const stay = async (particulars: object): Promise<Stay> => {
    last = (await request(particulars)).expect(201);
    return last.as<Stay>(201);
  };
  const available = async (from: number, to: number, more = ''): Promise<Availability> => {
    const path = `/v1/properties/${property.id}/availability?from=${inDays(from)}&to=${inDays(to)}${more}`;
    return (await owner.getAfter(last.position, path)).as<Availability>(200);
  };
  const namesOf = ({ data }: Availability) => data.map(({ name }) => name);

  it('are exactly those that it could be given', async () => {
    const [free, taken, broken, ending, lived] = [
      await addUnit({ name: 'free' }),
      await addUnit({ name: 'taken' }),
      await addUnit({ name: 'broken' }),
      await addUnit({ name: 'ending', unitType: 'suite', capacity: 4 }),
      await addUnit({ name: 'lived in', inServiceFrom: inDays(-30) }),
    ];
    await stay({ unitIds: [taken.id], isExpected: true, arrivesOn: inDays(5), departsOn: inDays(7) });
    await changeUnit(broken, { outOfOrder: [{ from: inDays(6), to: inDays(6) }] });
    await changeUnit(ending, { inServiceUntil: inDays(6) });
    const past = { arrivesOn: inDays(-3), departsOn: inDays(-1), checkedInAt: `${inDays(-3)}T12:00:00Z` };
    const lingering = await stay({ ...past, unitIds: [lived.id] });

    for (const [from, to] of [
      [0, 1],
      [3, 5],
      [4, 6],
      [5, 7],
      [6, 7],
      [6, 8],
      [7, 9],
    ] as const) {
      const names = namesOf(await available(from, to));
      for (const unit of [free, taken, broken, ending, lived]) {
        const isGiven = names.includes(unit.name);
        const days = { arrivesOn: inDays(from), departsOn: inDays(to), isExpected: from > 0 };
        const answer = await request({ ...days, unitIds: [unit.id] });
        expect([from, to, unit.name, answer.status]).toEqual([from, to, unit.name, isGiven ? 201 : 409]);
        if (isGiven)
          await owner.post(
            `/v1/guest-checkin/${answer.as<Stay>(201).id}/${from > 0 ? 'cancellation' : 'checkout'}`,
            {},
          );
      }
    }
    // A party without a night holds none, and could be put in with others: what is told of are units that nobody has on that day.
    expect(namesOf(await available(5, 5))).toEqual(['free', 'broken', 'ending', 'lived in']);
    expect(namesOf(await available(6, 6))).toEqual(['free', 'ending', 'lived in']);
    last = (await owner.post(`/v1/guest-checkin/${lingering.id}/checkout`, {})).expect(200);
    expect(namesOf(await available(0, 1))).toContain('lived in');
  });

  it('are asked for by how many they take and by their type, counted by type, and told page by page', async () => {
    expect(namesOf(await available(20, 22))).toEqual(['free', 'taken', 'broken', 'lived in']);
    expect((await available(1, 2)).byType).toEqual([
      { unitType: 'double', free: 4 },
      { unitType: 'suite', free: 1 },
    ]);
    expect(namesOf(await available(1, 2, '&guests=3'))).toEqual(['ending']);
    expect(namesOf(await available(1, 2, '&unitType=suite'))).toEqual(['ending']);
    expect(await available(1, 2, '&unitType=tent')).toMatchObject({ data: [], byType: [], nextCursor: null });
    const first = await available(1, 2, '&limit=3');
    expect(first.byType.map(({ free }) => free)).toEqual([4, 1]);
    const rest = await available(1, 2, `&limit=3&cursor=${first.nextCursor!}`);
    expect([...namesOf(first), ...namesOf(rest)]).toEqual(['free', 'taken', 'broken', 'ending', 'lived in']);
  });

  it('are nobody else’s to see, and are not asked for backwards or for years', async () => {
    const stranger = await signUp(innkeep.anybody);
    const path = `/v1/properties/${property.id}/availability`;
    const days = (from: number, to: number) => `${path}?from=${inDays(from)}&to=${inDays(to)}`;
    (await stranger.get(days(1, 2))).expect(404);
    expect((await owner.get(days(2, 1))).expect(422).problem.code).toBe('invalid-range');
    expect((await owner.get(days(1, 400))).problem.code).toBe('range-too-long');
    expect((await owner.get(`${days(1, 2)}&guests=0`)).expect(400).problem.code).toBe('invalid-request');
  });
});
