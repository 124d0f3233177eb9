import { cacheFamilies, maySeeProperty, organizationTags, tags } from '@innkeep/contracts';
import {
  Answers,
  Cursors,
  MOST_DAYS,
  Route,
  assertRange,
  cached,
  fieldsOf,
  notFound,
  principalOf,
} from '@innkeep/platform/http';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GetOverview, type OverviewFilter, overviewPage, overviewQuery } from './get-overview/get-overview.query';
import { comparedWith } from './get-overview/period';

const overviewCache = cached({
  family: cacheFamilies.analytics,
  tags: ({ organizationId }, _query: OverviewFilter) =>
    organizationTags(organizationId, [tags.analytics(organizationId)]),
});

/** How properties did. */
@ApiTags('analytics')
@Controller('v1/analytics')
export class AnalyticsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Get('overview')
  @Route({
    allow: 'signed-in',
    summary: 'How your properties did in a period, beside another one',
    description:
      'One line for each property and currency, and totals for each currency over all properties that you see. Only approved transactions count, on their business days. Room revenue is what of the revenue has the category `accommodation`, `room` or `rooms`, without tax; a reversal takes it back on its own day. A night is available if a unit is in service and not out of order, and occupied from the day of arrival up to and without the day of departure, as in the occupancy of a property. Average daily rate: room revenue for each occupied night; revenue per available room: for each available night. A property has its nights in the line of its own currency.',
    answer: overviewPage,
    cache: overviewCache,
    fields: fieldsOf(overviewPage),
  })
  async overview(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: overviewQuery }) query: OverviewFilter,
  ) {
    assertRange(query, MOST_DAYS);
    const { from, to, compare, propertyId, limit, cursor } = query;
    const principal = principalOf(request);
    if (propertyId !== undefined && !maySeeProperty(principal, propertyId)) throw notFound('property');
    const list = `analytics ${principal.organizationId} ${from} ${to} ${compare} ${propertyId ?? ''}`;
    const after = cursor === undefined ? undefined : (this.cursors.decode(list, cursor) as [number, string]);
    const answerTags = overviewCache.tags(principal, query);
    const { rows, ...freshness } = await this.queries.execute(
      new GetOverview(principal, query, after, request.minPosition, answerTags),
    );
    const { data, totals } = rows[0]!;
    if (propertyId !== undefined && totals.length === 0) throw notFound('property');
    const page = data.slice(0, limit);
    const last = data.length > limit ? page.at(-1) : undefined;
    const nextCursor = last ? this.cursors.encode(list, [last.propertyId, last.currency]) : null;
    this.answers.read(request, reply, {
      body: {
        ...{ data: page, totals, nextCursor, period: { from, to } },
        comparedWith: comparedWith({ from, to }, compare) ?? null,
        ...{ position: freshness.position, asOf: freshness.asOf },
      },
      freshness,
      tags: answerTags,
      shape: 'analytics-overview.1',
    });
  }
}
