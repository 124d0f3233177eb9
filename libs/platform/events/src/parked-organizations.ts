import { runSql, sql } from '@innkeep/platform/database';
import type { MasterKeys } from '@innkeep/platform/privacy';
import type { Pool, PoolClient } from 'pg';
import { createBatchTable, noteChanges, takenBy } from './batch';
import { isDeterministic } from './deterministic-error';
import { parkAtFailingEvent } from './isolation';
import { assertReadable, prepareBatch } from './preparation';
import { type Projection, foldOf } from './projection';

/** An organization that a projection holds parked, and the event it could not take. */
export interface ParkedOrganization {
  readonly organizationId: number;
  readonly bucket: number;
  readonly projection: string;
  readonly version: number;
  readonly type: string;
  readonly error: string;
  readonly attempts: number;
  readonly parkedAt: string;
}

/** List, retry and skip what is parked. */
export class ParkedOrganizations {
  constructor(
    private readonly pool: Pool,
    private readonly projections: readonly Projection[],
    private readonly masterKeys?: MasterKeys,
  ) {}

  async list(projection?: string): Promise<ParkedOrganization[]> {
    const { rows } = await this.pool.query<ParkedOrganization>(
      `select organization_id::float8 as "organizationId", bucket, projection, version::float8 as version, type, error, attempts, parked_at as "parkedAt"
       from events.parked where $1::text is null or projection = $1 order by parked_at, organization_id`,
      [projection ?? null],
    );
    return rows;
  }

  /** The event that an organization is parked at, as the log holds it. */
  async show(projection: string, organizationId: number): Promise<Record<string, unknown> | undefined> {
    const { rows } = await this.pool.query<Record<string, unknown>>(
      `select p.projection, p.organization_id::float8 as "organizationId", p.error, p.attempts, p.parked_at as "parkedAt", l.version::float8 as version,
         l.type, l.schema_version as "schemaVersion", l.recorded_at as "recordedAt", l.data
       from events.parked p join events.log l on l.bucket = p.bucket and l.position = p.position
       where p.projection = $1 and p.organization_id = $2`,
      [projection, organizationId],
    );
    return rows[0];
  }

  /**
   * Folds what the organization has missed, in order, and lets it rejoin under the checkpoint's lock, so that not an event falls
   * between. The reactors that trail the projection see what they have missed. Answers false if it is parked again, at the same event or a later one.
   */
  async retry(projection: string, organizationId: number): Promise<boolean> {
    return this.rejoin(projection, organizationId, async () => undefined);
  }

  /** Leaves the event out of this projection for ever, with the reason why, and goes on behind it. */
  async skip(projection: string, organizationId: number, reason: string): Promise<boolean> {
    return this.rejoin(projection, organizationId, async (client, { bucket, position }) => {
      await runSql(
        client,
        sql`insert into events.skipped (bucket, organization_id, projection, position, reason)
          values (${bucket}, ${organizationId}, ${projection}, ${position}, ${reason}) on conflict do nothing`,
      );
    });
  }

  private async rejoin(
    name: string,
    organizationId: number,
    before: (client: PoolClient, at: { bucket: number; position: string }) => Promise<void>,
  ): Promise<boolean> {
    const projection = this.projections.find((one) => one.name === name);
    if (!projection) throw new Error(`there is no projection by the name ${name}`);
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      await client.query(createBatchTable);
      await client.query('begin');
      const isBack = await this.drain(client, projection, organizationId, before);
      await client.query('commit');
      return isBack;
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      client.release(failure);
    }
  }

  private async drain(
    client: PoolClient,
    projection: Projection,
    organizationId: number,
    before: (client: PoolClient, at: { bucket: number; position: string }) => Promise<void>,
  ): Promise<boolean> {
    const { rows: parked } = await runSql(
      client,
      sql`delete from events.parked where projection = ${projection.name} and organization_id = ${organizationId} returning bucket, position, attempts`,
    );
    const at = parked[0] as { bucket: number; position: string; attempts: number } | undefined;
    if (!at) throw new Error(`organization ${organizationId} is not parked in ${projection.name}`);
    await before(client, at);
    // Held to the end: no batch of the bucket can be committed meanwhile that left the organization out.
    const { rows: checkpoint } = await runSql(
      client,
      sql`select c.position from events.checkpoints c join events.projections p on p.track = c.track
        where p.name = ${projection.name} and c.bucket = ${at.bucket} for update of c`,
    );
    const to = (checkpoint[0] as { position: string }).position;
    await runSql(
      client,
      sql`insert into batch (bucket, position, organization_id, version, recorded_at, type, schema_version, property_id, entity_id, actor_id, request_id, data)
        select bucket, position, organization_id, version, recorded_at, type, schema_version, property_id, entity_id, actor_id, request_id, data
        from events.log where bucket = ${at.bucket} and organization_id = ${organizationId} and position between ${at.position} and ${to}`,
    );
    await prepareBatch(client, projection.events, this.masterKeys);
    // A batch that this transaction's lock makes wait was folded without the organization: it must not be committed.
    await runSql(
      client,
      sql`update events.checkpoints c set generation = generation + 1 from events.projections p
        where p.name = ${projection.name} and c.track = p.track and c.bucket = ${at.bucket}`,
    );
    const isBack = await this.foldAll(client, projection, organizationId, at.attempts);
    await runSql(client, noteChanges(projection.events.map(({ type }) => [projection.name, type] as const)));
    await runSql(
      client,
      sql`insert into events.replays (bucket, organization_id, track, from_position, to_position)
        select ${at.bucket}::smallint, ${organizationId}::bigint, track, ${at.position}::bigint, ${to}::bigint
        from events.reactors where ${projection.name} = any (trails)
        on conflict (bucket, organization_id, track, from_position) do update set to_position = greatest(replays.to_position, excluded.to_position)`,
    );
    return isBack;
  }

  private async foldAll(
    client: PoolClient,
    projection: Projection,
    organizationId: number,
    attempts: number,
  ): Promise<boolean> {
    await client.query('savepoint whole');
    try {
      await assertReadable(client, projection.events, takenBy(projection.name));
      await runSql(client, await foldOf(client, projection, takenBy(projection.name)));
      return true;
    } catch (error) {
      if (!isDeterministic(error)) throw error;
      await client.query('rollback to savepoint whole');
      await parkAtFailingEvent(client, projection, String(organizationId));
      await runSql(
        client,
        sql`update events.parked set attempts = ${attempts + 1} where projection = ${projection.name} and organization_id = ${organizationId}`,
      );
      return false;
    }
  }
}
