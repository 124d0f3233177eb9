/** A master key of the tests' own, as processes find theirs in their environment. */
export const testMasterKeys = JSON.stringify([
  { kty: 'oct', kid: 'tests', k: 'dGhlIG1hc3RlciBrZXkgb2YgdGhlIHRlc3RzIG9ubHk' },
]);
