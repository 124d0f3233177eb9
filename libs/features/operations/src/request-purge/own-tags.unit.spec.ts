import type { Principal } from '@innkeep/contracts';
import { isOwnTag, propertiesIn } from './own-tags';

const owner: Principal = { organizationId: 7, userId: 70, role: 'owner', properties: 'all', permissionEpoch: 1 };

describe('the tags that an owner may purge', () => {
  const own = new Set([700, 701]);

  it.each(['org:7', 'org:7:finance', 'property:700', 'finance:summary:property:701', 'user:70', 'org:7:property:700'])(
    'are those that name what is his: %s',
    (key) => expect(isOwnTag(key, owner, own)).toBe(true),
  );

  it.each([
    'org:8',
    'org:70',
    'property:7',
    'finance:summary:property:702',
    'user:71',
    'org:7:property:900',
    'org:8:property:700',
  ])('are not those of somebody else: %s', (key) => expect(isOwnTag(key, owner, own)).toBe(false));

  it.each([
    'all',
    'finance',
    'finance:expense:0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11',
    'org',
    'org:',
    'properties:700',
    'org:7000000000000000007',
  ])('are not those that name nobody: %s', (key) => expect(isOwnTag(key, owner, own)).toBe(false));

  it('are looked up by the properties in them, each once', () => {
    expect(propertiesIn(['property:1', 'reports:daily:property:2:date:2026-01-01', 'property:1', 'org:7'])).toEqual([
      1, 2,
    ]);
  });
});
