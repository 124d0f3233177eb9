import { allTouches, features } from '@innkeep/assembly';
import { AnswerCache, AnswerTiers, HotPages, SharedAnswers } from '@innkeep/platform/cache';
import { EdgeHeaders, type EdgeLimits, TenantPartitions } from '@innkeep/platform/edge';
import { Answers, keptAnswer } from '@innkeep/platform/http';
import { connectRedis } from '@innkeep/platform/jobs';
import { Counter } from 'prom-client';
import type { ApiEnvironment } from './environment';

/** The longest an answer lives in memory, whatever its tags. */
const ANSWER_LIFETIME_MS = 5 * 60_000;

/** Where answers of this process are kept, and what is told of them to whom. */
export function buildAnswers(environment: ApiEnvironment, edgeLimits: EdgeLimits) {
  const memory = new AnswerCache({
    maxBytes: Math.max(1, environment.ANSWER_CACHE_MEGABYTES * 1024 * 1024),
    maxAgeMs: ANSWER_LIFETIME_MS,
  });
  const redis = connectRedis(environment.REDIS_CACHE_URL ?? environment.REDIS_URL);
  const edge = new EdgeHeaders(environment.CDN_PROVIDER, edgeLimits);
  const partitions = new TenantPartitions(environment.TOKEN_SECRET);
  // Without memory for answers none are kept at all.
  const shared = environment.ANSWER_CACHE_MEGABYTES > 0 ? new SharedAnswers(redis) : undefined;
  const hot = new HotPages(redis);
  const tiers = new AnswerTiers(memory, shared, (told) => keptAnswer(edge, told), hot);
  new Counter({
    name: 'cache_lookups_total',
    help: 'Answers looked for in memory and in Redis, and what came of it',
    labelNames: ['tier', 'outcome', 'route'] as const,
    collect() {
      tiers.counts.moveTo(this);
    },
  });
  const answers = new Answers(tiers, edge, partitions, allTouches(features).tagsOf);
  return { memory, tiers, hot, edge, partitions, answers, redis };
}
