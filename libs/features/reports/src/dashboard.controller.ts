import { cacheFamilies, organizationTags, tags } from '@innkeep/contracts';
import { Answers, Cursors, Route, cached, fieldsOf, principalOf } from '@innkeep/platform/http';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { GetDashboard, dashboardPage, dashboardQuery } from './get-dashboard/get-dashboard.query';

const dashboardCache = cached({
  family: cacheFamilies.dashboard,
  tags: ({ organizationId }, _query: z.output<typeof dashboardQuery>) =>
    organizationTags(organizationId, [tags.organizationProperties(organizationId), tags.dashboard(organizationId)]),
  isTimed: true,
});

@ApiTags('reports')
@Controller('v1/dashboard')
export class DashboardController {
  constructor(
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'Today, the month to date and the last seven days of all your properties',
    answer: dashboardPage,
    description:
      "One line for each property and currency, by the property's own business day, and totals for each currency over all properties that you see, whatever the page. Only approved transactions count. `position` is the version of your organization that is in it, `asOf` when it was read.",
    cache: dashboardCache,
    fields: fieldsOf(dashboardPage),
    isRevalidated: true,
  })
  async dashboard(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: dashboardQuery }) query: z.output<typeof dashboardQuery>,
  ) {
    const { limit, cursor } = query;
    const principal = principalOf(request);
    const list = `dashboard ${principal.organizationId}`;
    const after = cursor === undefined ? undefined : (this.cursors.decode(list, cursor) as [number, string]);
    const answerTags = dashboardCache.tags(principal, query);
    const asOf = new Date();
    const { rows, ...freshness } = await this.queries.execute(
      new GetDashboard(principal, asOf, limit + 1, after, request.minPosition, answerTags),
    );
    const { data, totals, days, secondsLeft } = rows[0]!;
    const page = data.slice(0, limit);
    const last = data.length > limit ? page.at(-1) : undefined;
    const nextCursor = last ? this.cursors.encode(list, [last.propertyId, last.currency]) : null;
    this.answers.read(request, reply, {
      body: { data: page, totals, nextCursor, position: freshness.position, asOf },
      freshness,
      secondsLeft,
      tags: answerTags,
      // The days are not in the position: at midnight the answer changes and nothing has happened.
      shape: `dashboard.1 ${days}`,
    });
  }
}
