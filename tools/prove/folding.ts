import type { Shard } from '@innkeep/platform/database';
import { LIVE_TRACK, createBatchTable, foldNextBatch, foldOrPark, registerTracks } from '@innkeep/platform/events';
import type { PoolClient } from 'pg';
import { projections } from './comparing';
import { masterKeys } from './proof-database';

const allBuckets = Array.from({ length: 1_024 }, (_, bucket) => bucket);

/** Folds as a projector does, but where and as often as it is told. */
export class Folding {
  private constructor(private readonly client: PoolClient) {}

  static async open(shard: Shard): Promise<Folding> {
    await registerTracks(shard.pool, projections, []);
    const client = await shard.pool.connect();
    await client.query(createBatchTable);
    return new Folding(client);
  }

  async fold(limit: number, isThrownAway = false): Promise<number> {
    const request = { track: LIVE_TRACK, projections, owned: allBuckets, limit, masterKeys };
    if (!isThrownAway) {
      const { events, parked } = await foldNextBatch(this.client, request);
      if (parked > 0) throw new Error(`${parked} organizations were parked`);
      return events;
    }
    await this.client.query('begin');
    const { events } = await foldOrPark(this.client, request);
    await this.client.query('rollback');
    return events;
  }

  async foldTheRest(limit: number): Promise<void> {
    while ((await this.fold(limit)) > 0);
  }

  async close(): Promise<void> {
    this.client.release(true);
  }
}
