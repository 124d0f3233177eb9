import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';

/** How long an instance that says nothing any more keeps its buckets, in seconds. */
export const LEASE_SECONDS = 5;

/** So often it is settled at least who owns what; else when an instance came or went. */
const SETTLE_MS = 5_000;

/** Says that this instance is alive, forgets those that are not, and answers which others there are. */
const announce = `
  with gone as (delete from events.projectors where lease_until < now() and instance <> $1),
  alive as (
    insert into events.projectors (instance, lease_until) values ($1, now() + make_interval(secs => $2))
    on conflict (instance) do update set lease_until = excluded.lease_until returning 1
  )
  select coalesce(string_agg(instance::text, ',' order by instance), '') as others, count(*)::int + 1 as instances
  from events.projectors where instance <> $1 and lease_until >= now()`;

/**
 * Takes free buckets up to this instance's share, and gives back what is more than its share. A bucket is free when nobody holds
 * it, or when its holder has said nothing for longer than the lease. Where nothing changes hands nothing is written. What is given
 * back is an array: as a subquery it would be gone through once for each bucket, a million times a second.
 */
const settle = `
  with held as (
    select bucket, row_number() over (order by bucket) as n from events.ownership where owner = $1
  ), taken as (
    update events.ownership o set owner = $1 where o.bucket in (
      select bucket from events.ownership
      where owner is null or not exists (select from events.projectors p where p.instance = owner and p.lease_until >= now())
      order by bucket limit greatest(0, $2 - (select count(*) from held)) for update skip locked)
    returning o.bucket
  ), given as (
    update events.ownership o set owner = null where o.owner = $1 and o.bucket = any (array(select bucket from held where n > $2))
  )
  select coalesce(string_agg(bucket::text, ',' order by bucket), '') as owned
  from (select bucket from held where n <= $2 union all select bucket from taken) now`;

interface Alive {
  readonly others: string;
  readonly instances: number;
}

/**
 * Which buckets this instance looks after. They are shared out evenly among the instances that are alive: one that joins gets its
 * share within a renewal, the share of one that dies is taken over when its lease ends. A lease keeps two instances from doing the
 * same work; it is not what keeps rows right (the compared checkpoint is), so a clock or a pause can do no harm.
 */
export class Ownership {
  readonly instance = randomUUID();
  private buckets: readonly number[] = [];
  private listed = '';
  /** With which others it was settled who owns what, and how long that holds, on the monotonic clock. */
  private settled?: { readonly others: string; readonly until: number };

  constructor(private readonly pool: Pool) {}

  get owned(): readonly number[] {
    return this.buckets;
  }

  /** Answers whether the buckets are others than before. */
  async renew(): Promise<boolean> {
    const { rows: alive } = await this.pool.query<Alive>(announce, [this.instance, LEASE_SECONDS]);
    const { others, instances } = alive[0]!;
    const { settled } = this;
    if (settled?.others === others && performance.now() < settled.until) return false;
    const share = Math.ceil(1_024 / instances);
    const { rows } = await this.pool.query<{ owned: string }>(settle, [this.instance, share]);
    const { owned } = rows[0]!;
    const isSame = owned === this.listed;
    this.listed = owned;
    this.buckets = owned === '' ? [] : owned.split(',').map(Number);
    // As long as buckets change hands, or less is owned than the others leave, the next renewal looks again.
    const isSettled = isSame && this.buckets.length >= 1_024 - share * (instances - 1);
    this.settled = isSettled ? { others, until: performance.now() + SETTLE_MS } : undefined;
    return !isSame;
  }

  /** Lets go of everything, so that another instance need not wait for the leases to end. */
  async release(): Promise<void> {
    this.buckets = [];
    this.listed = '';
    this.settled = undefined;
    await this.pool.query('update events.ownership set owner = null where owner = $1', [this.instance]);
    await this.pool.query('delete from events.projectors where instance = $1', [this.instance]);
  }
}
