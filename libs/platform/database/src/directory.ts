import { LRUCache } from 'lru-cache';
import type { Pool, QueryResult, QueryResultRow } from 'pg';
import { asUnavailable } from './unavailable';

/** Where an organization lives: its bucket, the shard that holds the bucket, and the bucket's epoch. */
export interface OrganizationRoute {
  readonly organizationId: number;
  readonly bucket: number;
  readonly shard: string;
  readonly epoch: number;
}

/** What ids are given for. Each kind counts on its own, in blocks, so that no database sequence has to be asked for one. */
export type IdKind = 'organization' | 'user' | 'property';

/** A mail asked for by address; the generation says which of several asks for it was seen. */
export interface AddressedMailAsk {
  readonly kind: string;
  readonly emailHash: Buffer;
  readonly generation: string;
}

const ROUTE_LIFETIME_MS = 30_000;
const ID_BLOCK = 50;

/**
 * The directory: what must be found before the organization is known. It is reached only through its functions, holds no tenant
 * data (an email only as a hash), and answers nothing for an organization that it does not know: routing fails closed.
 */
export class Directory {
  private readonly routes = new LRUCache<number, OrganizationRoute>({ max: 100_000, ttl: ROUTE_LIFETIME_MS });
  private readonly blocks = new Map<IdKind, { next: number; end: number }>();
  private readonly pendingBlocks = new Map<IdKind, Promise<void>>();

  constructor(private readonly pool: Pool) {}

  /** The route of an organization, or undefined if there is none by that id. */
  async route(organizationId: number): Promise<OrganizationRoute | undefined> {
    const known = this.routes.get(organizationId);
    if (known) return known;
    const { rows } = await this.ask('select bucket, shard, epoch from directory.route($1)', [organizationId]);
    if (rows.length === 0) return undefined;
    const route = { organizationId, ...rows[0] } as OrganizationRoute;
    this.routes.set(organizationId, route);
    return route;
  }

  /** Of the buckets of these routes those that were moved or restored since. What is known of their organizations is forgotten. */
  async movedBuckets(routes: readonly OrganizationRoute[]): Promise<ReadonlySet<number>> {
    const known = [
      ...new Map(routes.map((route) => [`${route.bucket} ${route.shard} ${route.epoch}`, route])).values(),
    ];
    const { rows } = await this.ask<{ bucket: number }>('select directory.moved_buckets($1, $2, $3) as bucket', [
      known.map(({ bucket }) => bucket),
      known.map(({ shard }) => shard),
      known.map(({ epoch }) => epoch),
    ]);
    const moved = new Set(rows.map(({ bucket }) => bucket));
    for (const [organizationId, { bucket }] of moved.size > 0 ? this.routes : [])
      if (moved.has(bucket)) this.routes.delete(organizationId);
    return moved;
  }

  /** The next id of a kind. Ids are unique for ever and not dense: what is left of a block is lost when the process ends. */
  async nextId(kind: IdKind): Promise<number> {
    for (;;) {
      const block = this.blocks.get(kind);
      if (block && block.next < block.end) return block.next++;
      let pending = this.pendingBlocks.get(kind);
      if (!pending) {
        pending = this.takeBlock(kind).finally(() => this.pendingBlocks.delete(kind));
        this.pendingBlocks.set(kind, pending);
      }
      await pending;
    }
  }

  private async takeBlock(kind: IdKind): Promise<void> {
    const { rows } = await this.ask<{ first: string }>('select directory.take_ids($1, $2) as first', [kind, ID_BLOCK]);
    const first = Number(rows[0]?.first);
    this.blocks.set(kind, { next: first, end: first + ID_BLOCK });
  }

  /**
   * Reserves an email for a new organization and its owner. A reservation whose organization was never made (the process died in
   * between) can be taken up again with the same ids; undefined means that somebody signs in with this email already.
   */
  async reserveOrganization(
    emailHash: Buffer,
  ): Promise<(OrganizationRoute & { userId: number; isFresh: boolean }) | undefined> {
    const [organizationId, userId] = await Promise.all([this.nextId('organization'), this.nextId('user')]);
    const { rows } = await this.ask('select * from directory.reserve_organization($1, $2, $3)', [
      emailHash,
      organizationId,
      userId,
    ]);
    const row = rows[0];
    if (!row) return undefined;
    return {
      organizationId: Number(row.organization_id),
      userId: Number(row.user_id),
      bucket: row.bucket,
      shard: row.shard,
      epoch: row.epoch,
      isFresh: row.is_fresh,
    };
  }

  /** Reserves an email for a user of an organization that exists. False: the email belongs to somebody else. */
  async reserveUser(emailHash: Buffer, organizationId: number, userId: number): Promise<boolean> {
    const { rows } = await this.ask<{ ok: boolean }>('select directory.reserve_user($1, $2, $3) as ok', [
      emailHash,
      organizationId,
      userId,
    ]);
    return rows[0]?.ok === true;
  }

  /** Forgets an organization and all that leads to it; what is left says that there was one by this id. */
  async forgetOrganization(organizationId: number): Promise<void> {
    await this.ask('select directory.forget_organization($1)', [organizationId]);
    this.routes.delete(organizationId);
  }

  /** Called once the shard has committed what the reservation was for. */
  async confirmSignIn(emailHash: Buffer): Promise<void> {
    await this.ask('select directory.confirm_sign_in($1)', [emailHash]);
  }

  async findSignIn(emailHash: Buffer): Promise<{ organizationId: number; userId: number } | undefined> {
    const { rows } = await this.ask('select * from directory.find_sign_in($1)', [emailHash]);
    return rows[0] && { organizationId: Number(rows[0].organization_id), userId: Number(rows[0].user_id) };
  }

  /** Forgets every address that a user signs in with. */
  async forgetSignIns(organizationId: number, userId: number): Promise<void> {
    await this.ask('select directory.forget_sign_ins($1, $2)', [organizationId, userId]);
  }

  /** Asks for a mail to whoever signs in with the address, whether or not anybody does. */
  async askMail(kind: string, emailHash: Buffer): Promise<void> {
    await this.ask('select directory.ask_mail($1, $2)', [kind, emailHash]);
  }

  /** Mails asked for by address that are to be passed on. They come again soon unless they are confirmed. */
  async takeMailAsks(count: number): Promise<AddressedMailAsk[]> {
    const { rows } = await this.ask<{ kind: string; email_hash: Buffer; generation: string }>(
      'select * from directory.take_mail_asks($1)',
      [count],
    );
    return rows.map(({ kind, email_hash, generation }) => ({ kind, emailHash: email_hash, generation }));
  }

  async confirmMailAsk({ kind, emailHash, generation }: AddressedMailAsk): Promise<void> {
    await this.ask('select directory.confirm_mail_ask($1, $2, $3)', [kind, emailHash, generation]);
  }

  /** Makes an API key findable. To be called before the organization knows it: a key that only the directory knows opens nothing. */
  async addApiKey(hash: Buffer, organizationId: number): Promise<void> {
    await this.ask('select directory.add_api_key($1, $2)', [hash, organizationId]);
  }

  /** The organization that an API key belongs to. */
  async findApiKey(hash: Buffer): Promise<number | undefined> {
    const { rows } = await this.ask<{ id: string | null }>('select directory.find_api_key($1) as id', [hash]);
    return rows[0]?.id ? Number(rows[0].id) : undefined;
  }

  async removeApiKey(hash: Buffer): Promise<void> {
    await this.ask('select directory.remove_api_key($1)', [hash]);
  }

  async registerProperty(propertyId: number, organizationId: number): Promise<void> {
    await this.ask('select directory.register_property($1, $2)', [propertyId, organizationId]);
  }

  /** Makes a public file findable by the hash in its address. */
  async addAsset(hash: string, organizationId: number): Promise<void> {
    await this.ask('select directory.add_asset($1, $2)', [hash, organizationId]);
  }

  /** The organization that a public file belongs to. */
  async organizationOfAsset(hash: string): Promise<number | undefined> {
    const { rows } = await this.ask<{ id: string | null }>('select directory.find_asset($1) as id', [hash]);
    return rows[0]?.id ? Number(rows[0].id) : undefined;
  }

  async forgetAsset(hash: string, organizationId: number): Promise<void> {
    await this.ask('select directory.forget_asset($1, $2)', [hash, organizationId]);
  }

  async findOperator(emailHash: Buffer): Promise<{ operatorId: number; passwordHash: string } | undefined> {
    const { rows } = await this.ask('select * from directory.find_operator($1)', [emailHash]);
    return rows[0] && { operatorId: Number(rows[0].operator_id), passwordHash: rows[0].password_hash };
  }

  private async ask<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<QueryResult<Row>> {
    try {
      return await this.pool.query<Row>(text, values);
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}
