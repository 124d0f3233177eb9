import { eventually } from '@innkeep/testing';
import {
  type Answer,
  SharedInnkeep,
  type Member,
  type Page,
  type Property,
  type Stay,
  type Unit,
  inDays,
  newKey,
  signUp,
} from './system';
import { tablesWith } from './system/tables-with';

const identity = { documentType: 'passport', number: 'cd 234 567', nationality: 'FRA', expiresOn: inDays(700) };
const secret = 'CD234567';

interface Occupancy {
  readonly total: { readonly occupancyRate: number | null };
  readonly days: readonly { day: string; units: number; occupied: number; occupancyRate: number | null }[];
}

describe('guests', () => {
  const innkeep = new SharedInnkeep();
  let owner: Member;
  let staff: Member;
  let auditor: Member;
  let property: Property;
  let rooms: Unit[];

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    property = await owner.addProperty({ timeZone: 'UTC' });
    [staff, auditor] = await Promise.all([owner.invite('staff'), owner.invite('auditor')]);
    rooms = await Promise.all([2, 2, 4].map((capacity) => owner.addUnit(property.id, { capacity })));
  });

  const create = (particulars: object, member = staff): Promise<Answer> => {
    const body = { propertyId: property.id, guestName: 'Inês Carvalho', departsOn: inDays(3), ...particulars };
    return member.send('POST', '/v1/guest-checkin/create', { body, headers: newKey() });
  };
  const act = (id: string, name: string, body: object = {}, member = staff) =>
    member.post(`/v1/guest-checkin/${id}/${name}`, body);
  const listed = async (path: string, { position }: Answer) => {
    const separator = path.includes('?') ? '&' : '?';
    const answer = await staff.getAfter(position, `/v1/guest-checkin/${path}${separator}propertyId=${property.id}`);
    return answer.as<Page<Stay>>(200).data.map(({ id }) => id);
  };

  it('are checked in from the path that there was before, once for each key', async () => {
    const body = { propertyId: property.id, guestName: 'Rui Lopes', departsOn: inDays(1) };
    const [key, path] = [newKey(), '/guest-checkin/create'];
    const first = (await staff.send('POST', path, { body, headers: key })).expect(201);
    const again = (await staff.send('POST', path, { body, headers: key })).expect(201);
    expect(again.text).toBe(first.text);
    expect(first.as<Stay>(201)).toMatchObject({ status: 'in-house', arrivedOn: inDays(0) });
    expect((await staff.send('POST', path, { body })).expect(400).problem.code).toBe('idempotency-key-required');
    await act(first.as<Stay>(201).id, 'checkout');
  });

  it('are never given one unit twice, however many ask at once', async () => {
    const days = { arrivesOn: inDays(40), departsOn: inDays(42), isExpected: true, unitIds: [rooms[0]!.id] };
    const answers = await Promise.all(Array.from({ length: 6 }, () => create(days)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.problem.code).toBe('unit-taken');
    const next = { ...days, arrivesOn: inDays(42), departsOn: inDays(43) };
    (await create(next)).expect(201);
    expect((await create({ ...next, arrivesOn: inDays(41) })).expect(409).problem.code).toBe('unit-taken');
  });

  it('are not given a unit that is out of order, too small, elsewhere or still lived in', async () => {
    const [room, , suite] = rooms as [Unit, Unit, Unit];
    const path = `/v1/properties/${property.id}/units/${suite.id}`;
    await owner.patch(path, { outOfOrder: [{ from: inDays(51), to: inDays(52) }] });
    const later = { arrivesOn: inDays(50), isExpected: true };
    const codeOf = async (particulars: object) => (await create({ ...later, ...particulars })).problem.code;
    expect(await codeOf({ departsOn: inDays(52), unitIds: [suite.id] })).toBe('unit-out-of-order');
    (await create({ ...later, departsOn: inDays(51), unitIds: [suite.id] })).expect(201);
    expect(await codeOf({ departsOn: inDays(53), unitIds: [room.id], adults: 3 })).toBe('unit-too-small');
    expect(await codeOf({ departsOn: inDays(53), unitIds: [property.id] })).toBe('invalid-request');
    const other = await owner.addProperty();
    expect(await codeOf({ departsOn: inDays(53), unitIds: [(await owner.addUnit(other.id)).id] })).toBe('unit-unknown');
    // Was to leave yesterday and is still there.
    await owner.patch(`/v1/properties/${property.id}/units/${room.id}`, { inServiceFrom: inDays(-30) });
    const past = { arrivesOn: inDays(-3), departsOn: inDays(-1), checkedInAt: `${inDays(-3)}T12:00:00Z` };
    const lingering = (await create({ ...past, unitIds: [room.id] })).as<Stay>(201);
    expect((await create({ unitIds: [room.id] })).expect(409).problem.code).toBe('unit-taken');
    await act(lingering.id, 'checkout');
    const moved = (await create({ unitIds: [room.id] })).as<Stay>(201);
    await act(moved.id, 'checkout');
  });

  it('are on the lists of the day on which they come, are there and leave', async () => {
    const stay = (await create({ isExpected: true, departsOn: inDays(2) })).as<Stay>(201);
    const on = (day: number) => `?day=${inDays(day)}`;
    const arrived = (await act(stay.id, 'checkin', { unitIds: [rooms[2]!.id] })).expect(200);
    expect(await listed(`arrivals${on(0)}`, arrived)).toContain(stay.id);
    expect(await listed('arrivals?limit=200', arrived)).toContain(stay.id);
    expect(await listed(`in-house${on(1)}`, arrived)).toContain(stay.id);
    expect(await listed(`departures${on(2)}`, arrived)).toContain(stay.id);
    const changed = await staff.put(`/v1/guest-checkin/${stay.id}`, {
      ...{ guestName: 'Inês Carvalho', adults: 4, unitIds: [rooms[2]!.id], departsOn: inDays(4) },
    });
    expect(await listed(`departures${on(2)}`, changed.expect(200))).not.toContain(stay.id);
    const left = (await act(stay.id, 'checkout')).expect(200);
    expect(await listed(`departures${on(0)}`, left)).toContain(stay.id);
    expect(await listed(`in-house${on(1)}`, left)).not.toContain(stay.id);
    expect(await listed('list?status=departed', left)).toContain(stay.id);
    expect((await act(stay.id, 'checkout')).expect(409).problem.code).toBe('stay-not-in-house');
  });

  it('fill units, of which a property without any has no rate', async () => {
    const house = await owner.addProperty({ timeZone: 'UTC' });
    const range = `from=${inDays(0)}&to=${inDays(2)}`;
    const occupancy = async ({ position }: Answer) =>
      (await auditor.getAfter(position, `/v1/properties/${house.id}/occupancy?${range}`)).as<Occupancy>(200);
    const party = { propertyId: house.id, departsOn: inDays(2) };
    expect(await occupancy((await create(party)).expect(201))).toMatchObject({
      total: { occupancyRate: null },
      days: [{ units: 0, occupied: 1, occupancyRate: null }, { occupied: 1 }, { occupied: 0 }],
    });
    const added = await owner.post(`/v1/properties/${house.id}/units`, { name: '1', unitType: 'tent', capacity: 2 });
    await owner.addUnit(house.id);
    const unit = added.as<Unit>(201);
    const last = await owner.patch(`/v1/properties/${house.id}/units/${unit.id}`, { inServiceUntil: inDays(1) });
    expect((await occupancy(last)).days.map(({ occupancyRate }) => occupancyRate)).toEqual([0.5, 0.5, 0]);
  });

  it('are known by their documents to who says what for, and each time is noted', async () => {
    const created = await create({ identity, email: 'ines@guests.example', phone: '+351 912 345 678' });
    const stay = created.expect(201).as<Stay>(201);
    expect(stay.identity).toEqual({ documentType: 'passport', number: '•••67', keptUntil: null });
    const shown = await Promise.all(
      [staff, auditor, owner].map((member) => member.get(`/v1/guest-checkin/${stay.id}`)),
    );
    for (const answer of shown) expect(answer.expect(200).text).not.toContain(secret);
    expect(shown[1]!.as<object>(200)).toMatchObject({ email: '•••', phone: '•••' });
    expect(shown[0]!.as<object>(200)).toMatchObject({ phone: '+351912345678' });

    const purpose = { purpose: 'Report to the police register' };
    (await act(stay.id, 'identity-views', purpose)).expect(403);
    const viewed = (await act(stay.id, 'identity-views', purpose, owner)).as<{ number: string }>(201);
    expect(viewed).toMatchObject({ number: secret, nationality: 'FRA', documentType: 'passport' });
    const trail = (await owner.get(`/v1/guest-checkin/${stay.id}/identity-trail`)).as<Page<object>>(200).data;
    expect(trail).toMatchObject([
      { what: 'kept', byUserId: staff.userId },
      { what: 'viewed', byUserId: owner.userId, ...purpose },
    ]);
    expect(await tablesWith(innkeep, secret)).toEqual([]);

    const wrong = await create({ identity: { ...identity, number: '1234567890' } });
    expect(wrong.expect(422).problem).toMatchObject({
      code: 'identity-number-implausible',
      errors: [{ pointer: '/identity/number' }],
    });
    const old = await create({ identity: { ...identity, expiresOn: inDays(-1) } });
    expect(old.expect(422).problem.code).toBe('identity-document-expired');
  });

  it('are forgotten on request, in every table and for good', async () => {
    const guestName = 'Quirino Forgotten';
    const created = await create({ guestName, identity, email: 'quirino@guests.example' });
    const { id } = created.as<Stay>(201);
    expect((await owner.post(`/v1/guest-checkin/${id}/erasure`)).expect(409).problem.code).toBe('stay-not-over');
    await act(id, 'checkout');
    (await owner.post(`/v1/guest-checkin/${id}/erasure`)).expect(200);
    const left = (await owner.post(`/v1/guest-checkin/${id}/erasure`)).expect(200);
    const view = (await owner.getAfter(left.position, `/v1/guest-checkin/${id}`)).as<Stay>(200);
    expect(view).toMatchObject({ status: 'departed', guestName: null, email: null, identity: null });
    expect(await listed('list?status=departed', left)).toContain(id);
    (await act(id, 'identity-views', { purpose: 'Once more' }, owner)).expect(404);
    for (const text of [guestName, 'quirino'])
      await eventually(async () => expect(await tablesWith(innkeep, text)).toEqual([]));
    const trail = (await owner.get(`/v1/guest-checkin/${id}/identity-trail`)).as<Page<{ what: string }>>(200);
    expect(trail.data.map(({ what }) => what)).toEqual(['kept', 'erased']);
  });

  it('are taken over from another system once, with what became of them', async () => {
    const item = (reference: string, more: object) => ({
      ...{ propertyId: property.id, externalReference: reference, adults: 2, country: 'GBR' },
      ...{ arrivesOn: '2026-02-01', departsOn: '2026-02-03' },
      ...more,
    });
    const times = { checkedInAt: '2026-02-01T15:00:00Z', checkedOutAt: '2026-02-04T09:00:00Z' };
    const items = [
      item('b-1', { outcome: 'departed', ...times }),
      item('b-2', { outcome: 'cancelled' }),
      item('b-3', { outcome: 'departed' }),
      item('b-1', {}),
    ];
    const send = async () => {
      const answer = await staff.post('/v1/guest-checkin/bulk', { items });
      const { results } = answer.as<{ results: { status: string; stay?: { id: string; status: string } }[] }>(200);
      return results.map(({ status, stay }) => [status, stay?.status]);
    };
    const first = ['departed', 'cancelled', undefined, 'departed'];
    expect(await send()).toEqual(first.map((status, at) => [['recorded', 'recorded', 'invalid', 'known'][at], status]));
    expect((await send()).map(([status]) => status)).toEqual(['known', 'known', 'invalid', 'known']);
    const find = async (query: string, member = staff) => {
      const { data } = (await member.get(`/v1/guest-checkin/list?${query}`)).as<Page<Stay>>(200);
      return data.map((stay) => [stay.externalReference, stay.propertyId]);
    };
    const found = [['b-2', property.id]];
    expect(await find(`propertyId=${property.id}&externalReference=b-2`)).toEqual(found);
    expect([await find('externalReference=b-2'), await find('externalReference=b-')]).toEqual([found, []]);
    expect(await find('externalReference=b-2', await signUp(innkeep.anybody))).toEqual([]);
    const position = (await staff.get('/v1/properties')).position;
    const report = await staff.getAfter(
      position,
      `/v1/guest-checkin/report?propertyId=${property.id}&from=2026-02-01&to=2026-02-28`,
    );
    expect(report.as<object>(200)).toMatchObject({
      total: { expectedArrivals: 1, checkIns: 1, guestsIn: 2, expectedDepartures: 1, checkOuts: 1, cancelled: 1 },
    });
  });
});
