import { type Sql, rawSql } from '@innkeep/platform/database';
import type { PoolClient } from 'pg';
import { type BucketAdvance, advanceCheckpoints, fillBatch, noteChanges } from './batch';
import type { Projection } from './projection';

/** All live projections advance together on this track. */
export const LIVE_TRACK = 'live';

/** How many events one transaction folds at most. */
export const BATCH_SIZE = 1_000;

/** Another instance has advanced these checkpoints meanwhile; this one's rows were rolled back. */
export class FencedError extends Error {
  constructor(track: string) {
    super(`another projector has advanced the checkpoints of ${track}`);
  }
}

interface FilledBucket extends BucketAdvance {
  readonly count: number;
  readonly types: string[];
}

/**
 * Folds the next batch into all projections and advances their checkpoint, in one transaction: rows and checkpoint cannot disagree,
 * which is what makes a fold exactly once in effect. Answers how many events it took.
 */
export async function foldNextBatch(
  client: PoolClient,
  projections: readonly Projection[],
  owned: readonly number[],
): Promise<number> {
  const run = ({ text, values }: ReturnType<Sql['compile']>) => client.query(text, values);
  await client.query('begin');
  try {
    const { rows } = await run(fillBatch(LIVE_TRACK, owned, BATCH_SIZE).compile());
    const filled = rows as FilledBucket[];
    if (filled.length === 0) {
      await client.query('rollback');
      return 0;
    }
    const types = new Set(filled.flatMap((bucket) => bucket.types));
    const takes = projections.flatMap((projection) =>
      projection.events.filter(({ type }) => types.has(type)).map(({ type }) => [projection.name, type] as const),
    );
    const concerned = projections.filter(({ name }) => takes.some(([projection]) => projection === name));
    // Nothing here depends on an answer before it, so all of it travels together.
    const steps = [
      ...concerned.map((projection) => run(projection.fold(rawSql('batch')).compile())),
      ...(takes.length > 0 ? [run(noteChanges(takes).compile())] : []),
      run(advanceCheckpoints(LIVE_TRACK, filled).compile()),
    ];
    const advanced = (await Promise.all(steps)).at(-1)!;
    if (advanced.rowCount !== filled.length) throw new FencedError(LIVE_TRACK);
    await client.query('commit');
    return filled.reduce((sum, { count }) => sum + count, 0);
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
