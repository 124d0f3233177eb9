import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import type { GetPurgeProgress, PurgeProgress } from './get-purge-progress.query';

/** The longest that an answer waits for the CDNs. In seconds. */
export const PURGE_WAIT_SECONDS = 8;
const LOOK_MS = 200;

export const awaitPurgeQuery = z.strictObject({
  wait: z
    .enum(['true', 'false'])
    .default('false')
    .describe(
      `\`true\`: answers 200 as soon as every CDN has confirmed the purge, or 202 after ${PURGE_WAIT_SECONDS} seconds, in both cases with the receipts there are`,
    ),
});

/** Looks again and again until a purge is confirmed everywhere, the time is over or nobody waits any more. No connection is held in between. */
export async function awaitPurge(
  queries: QueryBus,
  asked: GetPurgeProgress,
  isWaitedFor: () => boolean,
): Promise<PurgeProgress> {
  const deadline = performance.now() + PURGE_WAIT_SECONDS * 1_000;
  for (;;) {
    const { rows } = await queries.execute(asked);
    const progress = rows[0] ?? { isConfirmed: false, receipts: [] };
    const left = deadline - performance.now();
    if (progress.isConfirmed || left <= 0 || !isWaitedFor()) return progress;
    await sleep(Math.min(LOOK_MS, left));
  }
}
