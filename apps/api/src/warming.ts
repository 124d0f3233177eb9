import { CacheWarmer, type HotPage, type HotPages, type Warmed } from '@innkeep/platform/cache';
import { type AccessTokens, NOBODY } from '@innkeep/platform/http';
import type { Logger } from '@innkeep/platform/telemetry';
import type { FastifyInstance } from 'fastify';

/** How often what was counted is shared, and how often the busiest are warmed and all cool down. In milliseconds. */
const SHARE_MS = 15_000;
const WARM_MS = 5 * 60_000;
/** What is warmed at the start and on schedule. */
const BUDGET = { organizations: 100, pages: 10, seconds: 20 };

/** Asks this very process for a page, as somebody with the rights of those who look at it. The token never leaves the process. */
const askWithin =
  (server: FastifyInstance, tokens: AccessTokens) =>
  async ({ url, ...rights }: HotPage): Promise<boolean> => {
    const token = await tokens.issue({ ...rights, userId: NOBODY, permissionEpoch: Number.MAX_SAFE_INTEGER });
    const answer = await server.inject({ method: 'GET', url, headers: { authorization: `Bearer ${token}` } });
    return answer.statusCode === 200;
  };

export const cacheWarmer = (server: FastifyInstance, tokens: AccessTokens, hot: HotPages): CacheWarmer =>
  new CacheWarmer(hot, askWithin(server, tokens));

/** Warms from the moment the server listens, now and again, until it ends. Whatever fails is tried again the next time. */
export function keepWarm(server: FastifyInstance, warmer: CacheWarmer, hot: HotPages, logger: Logger): void {
  const warm = () =>
    warmer.warm(BUDGET).then(
      (warmed: Warmed) => warmed.pages > 0 && logger.info(warmed, 'warmed'),
      (error: unknown) => logger.debug({ err: error }, 'not warmed'),
    );
  const sharing = setInterval(() => void hot.share().catch(() => undefined), SHARE_MS);
  const warming = setInterval(() => {
    void warm();
    void hot.cool().catch(() => undefined);
  }, WARM_MS);
  server.addHook('onClose', async () => {
    clearInterval(sharing);
    clearInterval(warming);
  });
  server.addHook('onListen', (done) => {
    void warm();
    done();
  });
}
