import type { Principal } from '@innkeep/contracts';

const numbersIn = (key: string, word: string): number[] =>
  [...key.matchAll(new RegExp(`(?:^|:)${word}:(\\d{1,15})(?=:|$)`, 'g'))].map(([, id]) => Number(id));

/** The properties that keys name. */
export const propertiesIn = (keys: readonly string[]): number[] => [
  ...new Set(keys.flatMap((key) => numbersIn(key, 'property'))),
];

/**
 * Whether a key is the organization's own to purge: it names the organization, its properties or the caller, and nothing of anybody
 * else. A key that names nobody may be on answers of many.
 */
export function isOwnTag(key: string, principal: Principal, properties: ReadonlySet<number>): boolean {
  const organizations = numbersIn(key, 'org');
  const users = numbersIn(key, 'user');
  const named = numbersIn(key, 'property');
  return (
    organizations.length + users.length + named.length > 0 &&
    organizations.every((id) => id === principal.organizationId) &&
    named.every((id) => properties.has(id)) &&
    users.every((id) => id === principal.userId)
  );
}
