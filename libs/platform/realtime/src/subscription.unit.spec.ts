import { type LiveRule, type Role, eventCatalog, liveRules, liveServices, roles } from '@innkeep/contracts';
import { decodeEntry, encodeEntry, toEntry } from './entry';
import { listenerOf } from './live-under-test';
import { subscribe } from './subscription';

const entryOf = (type: string, propertyId?: number) =>
  toEntry({
    ...{ bucket: 1, organizationId: 7, position: 1, version: 1, schemaVersion: 1, recordedAt: new Date(), type },
    propertyId,
    data: { userId: 5, name: 'withheld', secret: 'kept', role: 'staff' },
  });

const hears = (role: Role, properties: 'all' | number[], type: string, propertyId?: number, choice = {}) =>
  subscribe(listenerOf(role, properties), choice).hears(entryOf(type, propertyId));

describe('who hears of an event', () => {
  it('is decided about every type there is, and about no other', () => {
    expect(Object.keys(liveRules).sort()).toEqual([...eventCatalog.keys()].sort());
  });

  it('is nobody for what is silent or unknown', () => {
    for (const type of ['SignInFamilyRevoked', 'PasswordChanged', 'NoSuchEvent', 'constructor', '__proto__'])
      for (const role of roles) expect([type, role, hears(role, 'all', type, 1)]).toEqual([type, role, false]);
  });

  it('is, of what belongs to a property, nobody who may not see the property', () => {
    const ofProperties = Object.entries(liveRules).filter(
      ([, rule]) => rule !== 'silent' && rule.within === 'property',
    );
    expect(ofProperties.length).toBeGreaterThan(5);
    for (const [type, rule] of ofProperties)
      for (const role of roles) {
        expect([type, role, hears(role, [2, 3], type, 1)]).toEqual([type, role, false]);
        expect([type, role, hears(role, [2, 3], type)]).toEqual([type, role, false]);
        expect([type, role, hears(role, [1], type, 1)]).toEqual([type, role, (rule as LiveRule).roles.includes(role)]);
      }
  });

  it('is, of users, who may list them', () => {
    const listening = roles.filter((role) => hears(role, [2], 'UserChanged'));
    expect(listening).toEqual(['owner', 'manager']);
    expect(roles.filter((role) => hears(role, 'all', 'UserInvited'))).toEqual(['owner']);
  });

  it('is narrowed and never widened by what is chosen', () => {
    expect(hears('owner', 'all', 'TransactionRecorded', 1, { propertyIds: [2] })).toBe(false);
    expect(hears('owner', 'all', 'TransactionRecorded', 1, { services: ['properties'] })).toBe(false);
    expect(hears('staff', [2], 'TransactionRecorded', 1, { propertyIds: [1] })).toBe(false);
    expect(hears('auditor', 'all', 'UserChanged', undefined, { services: ['users'] })).toBe(false);
  });

  it('is, of keys, who has the scope of the service, and never of users', () => {
    const key = { ...listenerOf('owner'), scopes: new Set(['finance:read', 'realtime:read', 'users:read']) };
    const heard = ['TransactionRecorded', 'PropertyUpdated', 'UserChanged'].filter((type) =>
      subscribe(key, {}).hears(entryOf(type, 1)),
    );
    expect(heard).toEqual(['TransactionRecorded']);
    expect(subscribe(key, {}).key).not.toBe(subscribe(listenerOf('owner'), {}).key);
  });

  it('is the same for those with the same rights and choice, and else another', () => {
    const keys = [
      ...roles.flatMap((role) =>
        (['all', [1], [2]] as const).map((scope) => subscribe(listenerOf(role, scope), {}).key),
      ),
      ...liveServices.map((service) => subscribe(listenerOf('owner'), { services: [service] }).key),
      subscribe(listenerOf('owner'), { propertyIds: [1] }).key,
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(subscribe(listenerOf('owner', 'all', 1), {}).key).toBe(subscribe(listenerOf('owner', 'all', 2), {}).key);
  });
});

describe('an entry', () => {
  it('tells of a payload only what its rule names', () => {
    expect(entryOf('UserAdded').body).not.toMatch(/withheld|kept/);
    expect(JSON.parse(`{${entryOf('UserAdded').body}`)).toMatchObject({ data: { userId: 5, role: 'staff' } });
    expect(entryOf('SignInFamilyRevoked').body).toBe('');
  });

  it('is the same after its way over a line', () => {
    const entries = [entryOf('TransactionRecorded', 1), entryOf('PropertyUpdated', 2), entryOf('PasswordChanged')];
    expect(entries.map((entry) => decodeEntry(encodeEntry(entry)))).toEqual(entries);
    expect(['', 'x', '1\t2'].map(decodeEntry)).toEqual([undefined, undefined, undefined]);
  });
});
