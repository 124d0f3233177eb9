import type { webcrypto } from 'node:crypto';
import { type EdgeEnvironment, type EdgeRuntime, cacheKey } from './runtime';

interface PublicKey extends webcrypto.JsonWebKey {
  readonly kid: string;
}

/** For how long the API's public keys are kept, and how soon they are asked for again when one is missing. In milliseconds. */
const KEYS_MS = 300_000;
const RETRY_MS = 30_000;
const KEYS_PATH = '/.well-known/jwks.json';
/** How far two clocks may be apart, in seconds. */
const LEEWAY_SECONDS = 5;

const JWT = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i;

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
const parsed = (text: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(bytesOf(text))) as Record<string, unknown>;

/** Verifies access tokens by the API's public keys, so that one that is forged or over is not worth a question to the API. */
export class AccessTokens {
  private keys = new Map<string, webcrypto.CryptoKey>();
  private readAt = -Infinity;

  /**
   * Whether the credentials may be asked about: an access token has to be signed by one of the API's keys and not be over. What is no
   * token is another kind of key, which only the API can judge.
   */
  async mayBeGood(authorization: string, environment: EdgeEnvironment, runtime: EdgeRuntime): Promise<boolean> {
    const [, head, payload, signature] = JWT.exec(authorization) ?? [];
    if (!head || !payload || !signature) return true;
    try {
      const { alg, kid, typ } = parsed(head);
      const { iss, aud, exp } = parsed(payload);
      if (alg !== 'EdDSA' || typ !== 'at+jwt' || iss !== 'innkeep' || aud !== 'innkeep-api') return false;
      if (typeof exp !== 'number' || exp + LEEWAY_SECONDS <= runtime.now() / 1_000) return false;
      const key = await this.keyOf(String(kid), environment, runtime);
      if (!key) return false;
      const signed = new TextEncoder().encode(`${head}.${payload}`);
      return await crypto.subtle.verify('Ed25519', key, bytesOf(signature), signed);
    } catch {
      return false;
    }
  }

  private async keyOf(
    kid: string,
    environment: EdgeEnvironment,
    runtime: EdgeRuntime,
  ): Promise<webcrypto.CryptoKey | undefined> {
    const age = runtime.now() - this.readAt;
    if (age > KEYS_MS || (!this.keys.has(kid) && age > RETRY_MS)) await this.read(environment, runtime);
    return this.keys.get(kid);
  }

  private async read({ ORIGIN }: EdgeEnvironment, runtime: EdgeRuntime): Promise<void> {
    const kept = await runtime.cache.match(cacheKey(KEYS_PATH));
    const isKept = kept !== undefined && this.readAt === -Infinity;
    const answer = isKept ? kept : await runtime.fetch(new Request(new URL(KEYS_PATH, ORIGIN)));
    if (!answer.ok) return;
    const text = await answer.text();
    const { keys } = JSON.parse(text) as { keys: PublicKey[] };
    const imported = await Promise.all(
      keys.map(
        async (key) => [key.kid, await crypto.subtle.importKey('jwk', key, 'Ed25519', false, ['verify'])] as const,
      ),
    );
    this.keys = new Map(imported);
    this.readAt = runtime.now();
    if (isKept) return;
    const headers = { 'cache-control': `max-age=${KEYS_MS / 1_000}`, 'content-type': 'application/json' };
    await runtime.cache.put(cacheKey(KEYS_PATH), new Response(text, { headers }));
  }
}
