import { cacheFamilies, tags } from '@innkeep/contracts';
import { Answers, Route, cached, fieldsOf, notFound } from '@innkeep/platform/http';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { GetProfitLoss, profitLossAnswer, profitLossQuery } from './get-profit-loss/get-profit-loss.query';
import { principalFor, reportTags } from './reports.scope';

const profitLossCache = cached({
  family: cacheFamilies.reports,
  tags: (principal, { propertyId, year }: z.output<typeof profitLossQuery>) => [
    ...reportTags(principal, propertyId),
    tags.profitLoss(propertyId, String(year)),
  ],
});

/** Under the address of finance, where people look for it; told from this feature's read model. */
@ApiTags('finance')
@Controller('v1/finance')
export class ProfitLossController {
  constructor(
    private readonly queries: QueryBus,
    private readonly answers: Answers,
  ) {}

  @Get('profit-loss')
  @Route({
    allow: 'signed-in',
    summary: 'What each category brought in or cost a property, month by month',
    answer: profitLossAnswer,
    description:
      'Only approved transactions count, in the month of their business day. `position` is the version of your organization that is in it, `asOf` when it was read.',
    cache: profitLossCache,
    fields: fieldsOf(profitLossAnswer),
  })
  async profitLoss(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: profitLossQuery }) query: z.output<typeof profitLossQuery>,
  ) {
    const principal = principalFor(request, query.propertyId);
    const answerTags = profitLossCache.tags(principal, query);
    const asOf = new Date();
    const { rows, ...freshness } = await this.queries.execute(
      new GetProfitLoss(principal.organizationId, query, request.minPosition, answerTags),
    );
    if (!rows[0]) throw notFound('property');
    this.answers.read(request, reply, {
      body: { ...rows[0].body, position: freshness.position, asOf },
      freshness,
      tags: answerTags,
      shape: 'profit-loss.1',
    });
  }
}
