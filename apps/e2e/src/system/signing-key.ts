import { generateKeyPairSync } from 'node:crypto';

/** A signing key as the API takes it. */
export function newSigningKey(kid: string): Record<string, unknown> {
  return { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid, alg: 'EdDSA' };
}
