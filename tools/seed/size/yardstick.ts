import type { Client } from 'pg';
import { copyIn } from './copy-in';
import type { BucketHead } from './made-up-log';
import type { Common } from './made-up-organization';
import type { ShareRows } from './share-rows';
import type { Share } from './size';
import { rowsOf } from './write-share';

const SCHEMA = 'seed_yardstick';

/** What a bare COPY has taken. */
export interface BareCopy {
  bytes: number;
  seconds: number;
}

const nameOf = (table: string) => `${SCHEMA}.${table.replace('.', '_')}`;

/** Makes tables of the same columns without keys, indexes, checks and triggers. */
export async function makeBareTables(client: Client, { all }: ShareRows): Promise<void> {
  await dropBareTables(client);
  await client.query(`create schema ${SCHEMA}`);
  // What is generated is said by nobody who copies.
  for (const { table } of all)
    await client.query(`create table ${nameOf(table)} (like ${table} including defaults including generated)`);
}

export const dropBareTables = (client: Client) => client.query(`drop schema if exists ${SCHEMA} cascade`);

/** Copies the rows of a share once more, into bare tables: the least that anybody could take for them. Making them up is not counted. */
export async function copyBare(client: Client, share: Share, common: Common, sum: BareCopy): Promise<void> {
  const recordedAt = new Date(common.now).toISOString();
  const heads = new Map<number, BucketHead>(
    share.buckets.map((bucket) => [bucket, { bucket, position: 0, recordedAt }]),
  );
  const rows = rowsOf(share, common, heads);
  for (const table of rows.all) table.chunks();
  const startedAt = performance.now();
  await client.query('begin');
  for (const table of rows.all) await copyIn(client, table, nameOf(table.table));
  await client.query('commit');
  sum.seconds += (performance.now() - startedAt) / 1_000;
  sum.bytes += rows.bytes;
}
