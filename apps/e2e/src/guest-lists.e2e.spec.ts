import { eventually } from '@innkeep/testing';
import { Redis } from 'ioredis';
import {
  type Answer,
  type Member,
  type Page,
  type Property,
  SharedInnkeep,
  type Stay,
  inDays,
  newKey,
  signUp,
} from './system';
import { rowsOf } from './system/report-files';

describe('parties', () => {
  const innkeep = new SharedInnkeep();
  let owner: Member;
  let staff: Member;
  let auditor: Member;
  let property: Property;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    property = await owner.addProperty({ timeZone: 'UTC' });
    [staff, auditor] = await Promise.all([owner.invite('staff'), owner.invite('auditor')]);
  });

  const create = (particulars: object): Promise<Answer> => {
    const body = { propertyId: property.id, guestName: 'Inês Carvalho', departsOn: inDays(3), ...particulars };
    return staff.send('POST', '/v1/guest-checkin/create', { body, headers: newKey() });
  };

  it('are found by how the words of their names begin, among those whom the caller may see', async () => {
    const path = '/v1/guest-checkin/list?guest=';
    const booked = { isExpected: true, arrivesOn: inDays(50), departsOn: inDays(51) };
    const created = await create({ ...booked, guestName: 'Zoë Ångström-Wu' });
    const { id } = created.as<Stay>(201);
    const found = async (guest: string, member = staff, position = created.position) => {
      const answer = await member.getAfter(position, path + encodeURIComponent(guest));
      return answer.as<Page<Stay>>(200).data.map((one) => one.id);
    };
    for (const guest of ['Zoë', 'zoe', 'ANG', 'wu z', 'zoe ångström-wu', 'zoe%'])
      expect(await found(guest)).toEqual([id]);
    for (const guest of ['oe', '_oe', 'zoe x', '_', ' - ']) expect(await found(guest)).toEqual([]);
    const inHouse = await staff.getAfter(created.position, `${path}zoe&status=in-house`);
    expect(inHouse.as<Page<Stay>>(200).data).toEqual([]);
    const elsewhere = await owner.invite('staff', [(await owner.addProperty()).id]);
    expect(await found('zoe', elsewhere)).toEqual([]);
    expect(await found('zoe', await signUp(innkeep.anybody), 0)).toEqual([]);
    const changed = await staff.send('PUT', `/v1/guest-checkin/${id}`, {
      body: { guestName: 'Max Wu', adults: 1, children: 0, unitIds: [], departsOn: inDays(51), arrivesOn: inDays(50) },
    });
    const { position } = changed.expect(200);
    expect([await found('zoe', staff, position), await found('max', staff, position)]).toEqual([[], [id]]);
  });

  it('are not noted by their names among the pages that are often looked at, which outlive an erasure', async () => {
    const lists = ['?status=expected', '?guest=carv&status=expected'].map((query) => `/v1/guest-checkin/list${query}`);
    for (const path of lists) (await staff.get(path)).expect(200);
    const redis = new Redis(innkeep.redisUrl);
    try {
      const noted = () => redis.zrange(`innkeep:hot:{${owner.organizationId}}`, 0, -1);
      await eventually(async () => expect((await noted()).join()).toContain(lists[0]), 60);
      expect((await noted()).join()).not.toContain('guest=');
    } finally {
      redis.disconnect();
    }
  });

  it('go into files of who was there, and of how full it was', async () => {
    const house = await owner.addProperty({ timeZone: 'UTC' });
    const units = await Promise.all([2, 4].map((capacity) => owner.addUnit(house.id, { capacity })));
    const at = { propertyId: house.id };
    const [from, to] = [inDays(60), inDays(62)];
    const booked = { ...at, isExpected: true, arrivesOn: from, departsOn: inDays(61), guestName: '=Booked' };
    const cancelled = (await create({ ...booked, guestName: 'Cancelled' })).as<Stay>(201);
    (await staff.post(`/v1/guest-checkin/${cancelled.id}/cancellation`, { reason: 'Ill' })).expect(200);
    await create({ ...booked, arrivesOn: inDays(63), departsOn: inDays(64), guestName: 'Later' });
    const expected = (await create({ ...booked, unitIds: [units[0]!.id], adults: 2, country: 'FRA' })).as<Stay>(201);
    const there = { ...at, guestName: 'There', unitIds: [units[1]!.id], adults: 1, children: 2, departsOn: inDays(62) };
    const stay = (await create(there)).as<Stay>(201);
    const made = async (report: string) => {
      const body = { report, format: 'csv', propertyId: house.id, from, to };
      const { id } = (await auditor.post('/v1/exports/reports', body)).as<{ id: string }>(202);
      await eventually(async () =>
        expect((await auditor.get(`/v1/exports/${id}`)).json()).toMatchObject({ status: 'ready' }),
      );
      const { url } = (await auditor.post(`/v1/exports/${id}/links`)).as<{ url: string }>(201);
      return rowsOf(Buffer.from((await innkeep.anybody.get(url)).text));
    };
    expect(await made('stays')).toEqual([
      {
        ...{ arrival: inDays(0), departure: inDays(62), nights: '62', guestName: 'There', country: '', adults: '1' },
        ...{ children: '2', units: units[1]!.name, status: 'in-house', externalReference: '', id: stay.id },
      },
      expect.objectContaining({ guestName: 'Cancelled', status: 'cancelled', units: '' }),
      expect.objectContaining({ guestName: "'=Booked", id: expected.id, country: 'FRA', nights: '1' }),
    ]);
    const day = { units: '2', outOfOrder: '0', available: '2' };
    expect(await made('occupancy')).toEqual([
      { ...day, businessDay: from, occupied: '1', occupancyRate: '0.5', guests: '3', expected: '1' },
      { ...day, businessDay: inDays(61), occupied: '1', occupancyRate: '0.5', guests: '3', expected: '0' },
      { ...day, businessDay: to, occupied: '0', occupancyRate: '0', guests: '0', expected: '0' },
    ]);
  });
});
