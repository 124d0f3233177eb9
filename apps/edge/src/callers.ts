import type { AccessTokens } from './access-token';
import { type EdgeEnvironment, type EdgeRuntime, cacheKey } from './runtime';
import { lifetimeOf } from './stored-answer';

const CONTEXT_PATH = '/v1/edge/context';
const PARTITION = /^[\w-]{16,64}$/;

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Who calls: the tenant partition, as the API tells it for the caller's own credentials, kept for as long as those live and under the
 * tag of the user, so that it goes when rights change or a session ends. Undefined: the API does not know the caller.
 */
export async function partitionOf(
  authorization: string,
  tokens: AccessTokens,
  environment: EdgeEnvironment,
  runtime: EdgeRuntime,
): Promise<string | undefined> {
  if (!(await tokens.mayBeGood(authorization, environment, runtime))) return undefined;
  const key = cacheKey(`/context/${await digestOf(authorization)}`);
  const kept = await runtime.cache.match(key);
  if (kept) return kept.headers.get('x-tenant-partition') ?? undefined;
  const answer = await runtime.fetch(
    new Request(new URL(CONTEXT_PATH, environment.ORIGIN), { headers: { authorization } }),
  );
  await answer.arrayBuffer();
  const partition = answer.headers.get('x-tenant-partition') ?? '';
  if (answer.status !== 200 || !PARTITION.test(partition)) return undefined;
  const { freshSeconds } = lifetimeOf(answer.headers.get('cdn-cache-control'));
  if (freshSeconds > 0) {
    const headers = {
      'cache-control': `max-age=${freshSeconds}`,
      'cache-tag': answer.headers.get('cache-tag') ?? '',
      'x-tenant-partition': partition,
    };
    await runtime.cache.put(key, new Response('', { headers }));
  }
  return partition;
}
