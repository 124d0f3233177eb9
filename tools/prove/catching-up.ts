import { setTimeout as sleep } from 'node:timers/promises';
import type { ProofDatabase } from './proof-database';

const PATIENCE_MS = 120_000;

/** Waits until the live projections have folded all that is in the log; gives up only when nothing moves for two minutes. */
export async function untilCaughtUp({ eventsBehind }: Pick<ProofDatabase, 'eventsBehind'>): Promise<void> {
  let least = Infinity;
  for (let movedAt = performance.now(); ; await sleep(50)) {
    const behind = await eventsBehind();
    if (behind === 0) return;
    if (behind < least) [least, movedAt] = [behind, performance.now()];
    if (performance.now() - movedAt > PATIENCE_MS)
      throw new Error(`the projections stand still ${behind} events behind`);
  }
}
