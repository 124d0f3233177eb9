import { type LiveRule, type Role, eventCatalog, liveRules, liveServices, roles } from '@innkeep/contracts';
import { decodeEntry, encodeEntry, toEntry } from './entry';
import { listenerOf } from './live-under-test';
import { type Choice, type Listener, subscribe } from './subscription';

const entryOf = (type: string, propertyId?: number, data: object = {}) =>
  toEntry({
    ...{ bucket: 1, organizationId: 7, position: 1, version: 1, schemaVersion: 1, recordedAt: new Date(), type },
    propertyId,
    data: { userId: 5, name: 'withheld', secret: 'kept', role: 'staff', ...data },
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

  it('is, of what concerns one user, that user whatever the role and wherever it was, and nobody else besides', () => {
    const concerning = Object.entries(liveRules).filter(([, rule]) => rule !== 'silent' && rule.concerns);
    expect(concerning.map(([type]) => type)).toEqual(expect.arrayContaining(['ShiftStarted', 'LeaveApproved']));
    for (const [type, rule] of concerning)
      for (const role of roles)
        for (const userId of [5, 6]) {
          // In another property than the one that they look after.
          const subscription = subscribe(listenerOf(role, [2], userId), {});
          const entry = entryOf(type, (rule as LiveRule).within === 'property' ? 1 : undefined);
          const isShared = (rule as LiveRule).within === 'organization' && (rule as LiveRule).roles.includes(role);
          const told = [type, role, userId, subscription.shares(entry), subscription.hears(entry)];
          expect(told).toEqual([type, role, userId, isShared, isShared || userId === 5]);
        }
    expect(subscribe(listenerOf('staff', 'all', 5), {}).hears(entryOf('UserChanged'))).toBe(false);
  });

  it('is, of what concerns somebody, no key, and that user only as far as it is chosen', () => {
    const entry = entryOf('ShiftEnded', 1);
    const person = listenerOf('staff', [1], 5);
    const heard = (choice: Choice, listener: Listener = person) => subscribe(listener, choice).hears(entry);
    expect([heard({}), heard({ services: ['staff'] }), heard({ propertyIds: [1] })]).toEqual([true, true, true]);
    expect([heard({ services: ['finance'] }), heard({ propertyIds: [2] })]).toEqual([false, false]);
    expect(heard({}, { ...person, scopes: new Set(['staff:read']) })).toBe(false);
    expect(subscribe(person, {}).key).toBe(subscribe(listenerOf('staff', [1], 6), {}).key);
  });

  it('is, of documents, who may read those of the kind, in the property', () => {
    const listening = (kind: string, seen = 1) =>
      roles.filter((role) => subscribe(listenerOf(role, [seen]), {}).hears(entryOf('DocumentAdded', 1, { kind })));
    expect(listening('receipt')).toEqual([...roles]);
    expect(listening('other')).toEqual(['owner', 'manager', 'auditor']);
    for (const kind of ['guest-id', 'of-tomorrow', 'constructor'])
      expect([kind, listening(kind)]).toEqual([kind, ['owner', 'manager']]);
    expect(listening('receipt', 2)).toEqual([]);
    expect(hears('manager', [1], 'DocumentRemoved')).toBe(false);
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
    const types = ['TransactionRecorded', 'PropertyUpdated', 'ShiftStarted', 'PasswordChanged'];
    const entries = types.map((type) => entryOf(type, 1));
    expect(entries.map((entry) => decodeEntry(encodeEntry(entry)))).toEqual(entries);
    const others = ['', 'x', '1\t2', '1\tPropertyUpdated\t1\tproperties 1\t7\t{}', `${encodeEntry(entries[0]!)}\tmore`];
    expect(others.map(decodeEntry)).toEqual(others.map(() => undefined));
  });
});
