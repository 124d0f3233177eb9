import { setTimeout as sleep } from 'node:timers/promises';
import type { ProofDatabase } from './proof-database';

const PATIENCE_MS = 300_000;

/** Asks until nothing is left; gives up only when nothing moves for two minutes. */
export async function untilNoneLeft(what: string, countLeft: () => Promise<number>): Promise<void> {
  let least = Infinity;
  for (let movedAt = performance.now(); ; await sleep(40)) {
    const left = await countLeft();
    if (left === 0) return;
    if (left < least) [least, movedAt] = [left, performance.now()];
    if (performance.now() - movedAt > PATIENCE_MS) throw new Error(`nothing moves any more: ${left} ${what}`);
  }
}

const follows = `(c.track = 'live' or c.track like 'reactor:%')`;

/** Waits until projections and reactors have taken all that is in the log. */
export const untilCaughtUp = ({ asAdmin }: Pick<ProofDatabase, 'asAdmin'>): Promise<void> =>
  untilNoneLeft('events are not taken', async () => {
    const [row] = await asAdmin<{ left: string }>(
      `select coalesce(sum(b.position - c.position), 0) as left from events.buckets b join events.checkpoints c using (bucket) where ${follows}`,
    );
    return Number(row!.left);
  });

/** Waits until projections and reactors have taken all that is in the log now, whatever is written meanwhile. */
export async function untilHeadsReached({ asAdmin }: Pick<ProofDatabase, 'asAdmin'>): Promise<void> {
  const heads = await asAdmin<{ bucket: number; position: string }>(
    'select bucket, position from events.buckets where position > 0',
  );
  const buckets = heads.map(({ bucket }) => bucket);
  const positions = heads.map(({ position }) => position);
  await untilNoneLeft('buckets are behind', async () => {
    const [row] = await asAdmin<{ left: string; tracks: string }>(
      `select count(*) filter (where c.position < h.position) as left, count(distinct c.track) as tracks
       from unnest($1::smallint[], $2::bigint[]) as h(bucket, position) left join events.checkpoints c on c.bucket = h.bucket and ${follows}`,
      [buckets, positions],
    );
    // Before the first projector has registered there is nothing that could be behind.
    return row!.tracks === '0' && buckets.length > 0 ? Infinity : Number(row!.left);
  });
}
