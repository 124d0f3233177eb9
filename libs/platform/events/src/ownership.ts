import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';

/** How long a bucket stays with an instance that says nothing any more. */
export const LEASE_SECONDS = 5;

/**
 * Which buckets this instance looks after. A lease keeps two instances from doing the same work; it is not what keeps rows right
 * (the compared checkpoint is), so a clock or a pause can do no harm.
 */
export class Ownership {
  readonly instanceId = randomUUID();
  private buckets: readonly number[] = [];

  constructor(private readonly pool: Pool) {}

  get owned(): readonly number[] {
    return this.buckets;
  }

  /** Renews this instance's leases and takes what nobody holds. */
  async renew(): Promise<void> {
    const { rows } = await this.pool.query<{ bucket: number }>(
      `with mine as (
         select bucket from events.ownership where owner = $1 or lease_until < now() order by bucket for update skip locked
       )
       update events.ownership o set owner = $1, lease_until = now() + make_interval(secs => $2)
       from mine where o.bucket = mine.bucket returning o.bucket`,
      [this.instanceId, LEASE_SECONDS],
    );
    this.buckets = rows.map(({ bucket }) => bucket).sort((a, b) => a - b);
  }

  /** Lets go of everything, so that another instance need not wait for the leases to end. */
  async release(): Promise<void> {
    this.buckets = [];
    await this.pool.query(`update events.ownership set owner = null, lease_until = '-infinity' where owner = $1`, [
      this.instanceId,
    ]);
  }
}
