import { cacheFamilies, maySeeProperty, propertyTags, tags } from '@innkeep/contracts';
import {
  Answers,
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
import type { z } from 'zod';
import {
  GetAuditBalances,
  auditBalancesAnswer,
  auditBalancesQuery,
} from './get-audit-balances/get-audit-balances.query';

const balancesCache = cached({
  family: cacheFamilies.reports,
  tags: ({ organizationId }, { propertyId }: z.output<typeof auditBalancesQuery>) =>
    propertyTags(organizationId, propertyId, [tags.propertyFinance(propertyId)]),
});

/** What payment modes held and moved, for whoever audits them. */
@ApiTags('finance')
@Controller('v1/finance/audit-balances')
export class BalancesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly answers: Answers,
  ) {}

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'Opening, movements and closing of payment modes by day, against what was counted',
    description:
      'Of approved transactions, with taxes that come on top. A difference is what was counted of a day less what the day has moved by now: it also shows what was recorded after the count.',
    answer: auditBalancesAnswer,
    cache: balancesCache,
    fields: fieldsOf(auditBalancesAnswer),
  })
  async balances(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: auditBalancesQuery }) query: z.output<typeof auditBalancesQuery>,
  ) {
    const principal = principalOf(request);
    assertRange(query, MOST_DAYS);
    if (!maySeeProperty(principal, query.propertyId)) throw notFound('property');
    const answerTags = balancesCache.tags(principal, query);
    const { rows, ...freshness } = await this.queries.execute(
      new GetAuditBalances(principal, query, request.minPosition, answerTags),
    );
    if (!rows[0]!.isKnown) throw notFound('property');
    this.answers.read(request, reply, {
      body: rows[0]!.body,
      freshness,
      tags: answerTags,
      shape: 'audit-balances.1',
    });
  }
}
