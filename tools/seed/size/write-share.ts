import { setTimeout as sleep } from 'node:timers/promises';
import { type Projection, LIVE_TRACK, foldOrPark } from '@innkeep/platform/events';
import type { Client, PoolClient } from 'pg';
import { withoutAudit } from './audit-chain';
import { copyIn } from './copy-in';
import type { BucketHead } from './made-up-log';
import { type Common, MadeUpOrganization } from './made-up-organization';
import { ShareRows } from './share-rows';
import type { Share } from './size';

const WAIT_MS = 100;
/** How often the projector is waited for: a minute. */
const WAITS = 600;

/** What all shares are written with. */
export interface Writing {
  readonly common: Common;
  readonly projections: readonly Projection[];
}

interface HeadRow {
  readonly bucket: number;
  readonly position: string;
  readonly recordedAt: string;
}

/** What was written of a share. */
export interface Written {
  readonly events: number;
  readonly rows: number;
  readonly bytes: number;
}

/** The rows of a share, from where its buckets' log goes on. The heads move to where it ends. */
export function rowsOf(share: Share, common: Common, heads: ReadonlyMap<number, BucketHead>): ShareRows {
  const rows = new ShareRows();
  for (const organization of share.organizations)
    new MadeUpOrganization(organization, common, heads.get(organization.bucket)!, rows).write();
  return rows;
}

/**
 * Writes a share in one transaction: directory, write model and log by COPY, then the read models by their own folds, in one batch.
 * Whoever writes in one of these buckets waits meanwhile, so it may be done beside a product that runs.
 */
export async function writeShare(client: Client, share: Share, { common, projections }: Writing): Promise<Written> {
  const heads = await begin(client, share.buckets);
  try {
    const rows = rowsOf(share, common, heads);
    for (const table of rows.all) await copyIn(client, table);
    await moveHeads(client, [...heads.values()]);
    const { events, parked } = await foldOrPark(client as unknown as PoolClient, {
      track: LIVE_TRACK,
      ...{
        projections: withoutAudit(projections),
        owned: share.buckets,
        limit: rows.log.count,
        masterKeys: common.masterKeys,
      },
    });
    if (parked > 0 || events !== rows.log.count)
      throw new Error(`of ${rows.log.count} events ${events} were folded, and ${parked} organizations parked`);
    await passReactors(client, share.buckets);
    await client.query('commit');
    return { events, rows: rows.count, bytes: rows.bytes };
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** Begins the transaction once nothing in these buckets waits to be folded or reacted to, and keeps it so to its end. */
async function begin(client: Client, buckets: readonly number[]): Promise<Map<number, BucketHead>> {
  for (let waited = 0; waited < WAITS; waited++) {
    await client.query('begin');
    // In the order of their numbers, so that two seedings wait for each other and do not deadlock. From here on nobody writes in them.
    const { rows } = await client.query<HeadRow>(
      `select bucket, position, to_char(greatest(recorded_at, clock_timestamp()) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "recordedAt" from events.buckets
       where bucket = any ($1) order by bucket for update`,
      [buckets],
    );
    const behind = await client.query(
      `select from (select bucket, position from events.checkpoints where bucket = any ($1) order by track, bucket for update) c
         join events.buckets b using (bucket) where c.position < b.position`,
      [buckets],
    );
    if (behind.rowCount === 0)
      return new Map(rows.map(({ position, ...row }) => [row.bucket, { ...row, position: Number(position) }]));
    await client.query('rollback');
    await sleep(WAIT_MS);
  }
  throw new Error(
    'the projector does not catch up: start the product, and seed when `npm run projections -- lag` shows none',
  );
}

async function moveHeads(client: Client, heads: readonly BucketHead[]): Promise<void> {
  await client.query(
    `update events.buckets b set position = h.position, recorded_at = h.recorded_at
     from unnest($1::smallint[], $2::bigint[], $3::timestamptz[]) h(bucket, position, recorded_at) where h.bucket = b.bucket`,
    [
      heads.map(({ bucket }) => bucket),
      heads.map(({ position }) => position),
      heads.map(({ recordedAt }) => recordedAt),
    ],
  );
}

/** Nobody has seen what was there before: there is nothing to purge, to push or to announce. */
async function passReactors(client: Client, buckets: readonly number[]): Promise<void> {
  await client.query(
    `update events.checkpoints c set position = b.position, recorded_at = b.recorded_at
     from events.buckets b where b.bucket = c.bucket and c.bucket = any ($1) and c.track like 'reactor:%'`,
    [buckets],
  );
}
