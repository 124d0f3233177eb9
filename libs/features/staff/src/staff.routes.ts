import type { Snapshot } from '@innkeep/platform/database';
import { Answers, Cursors, type RouteCache, assertRange, notFound, principalOf } from '@innkeep/platform/http';
import { Injectable } from '@nestjs/common';
import { type Query, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sightOf } from './staff.scope';
import type { Sight, StaffPage } from './staff.sql';

/** What every list of staff takes. */
export interface ListFilter {
  readonly propertyId?: number;
  readonly userId?: number;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** One list, and how it is asked for. */
export interface StaffList<Filter, After> {
  /** What the list is called in cursors and, with the version of its format, in ETags. */
  readonly name: string;
  readonly cache: RouteCache<{ readonly propertyId?: number }>;
  ask(
    sight: Sight,
    filter: Filter,
    after: After | undefined,
    minPosition: number,
    tags: readonly string[],
  ): Query<Snapshot<StaffPage<object>>>;
}

/** Answers pages of the lists of staff, each with what decides how it is kept. */
@Injectable()
export class StaffPages {
  constructor(
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  async answer<Filter extends ListFilter, After>(
    request: FastifyRequest,
    reply: FastifyReply,
    filter: Filter,
    { name, cache, ask }: StaffList<Filter, After>,
  ): Promise<void> {
    assertRange(filter);
    const principal = principalOf(request);
    const sight = sightOf(principal, filter);
    const { cursor, limit, ...rest } = filter;
    const list = JSON.stringify([name, principal.organizationId, rest]);
    const after = cursor === undefined ? undefined : (this.cursors.decode(list, cursor) as After);
    const tags = cache.tags(principal, filter);
    const { rows, ...freshness } = await this.queries.execute(ask(sight, filter, after, request.minPosition, tags));
    const { data, isKnown } = rows[0]!;
    if (!isKnown) throw notFound('property');
    const page = data.slice(0, limit);
    const nextCursor = data.length > limit ? this.cursors.encode(list, page.at(-1)!.key) : null;
    const body = { data: page.map((entry) => entry.body), nextCursor };
    this.answers.read(request, reply, { body, freshness, tags, shape: `${name}.1` });
  }
}
