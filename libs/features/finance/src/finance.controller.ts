import { cacheFamilies, maySeeProperty, propertyTags, tags } from '@innkeep/contracts';
import {
  Answers,
  BULK_BODY_LIMIT,
  Route,
  assertRange,
  cached,
  commandContext,
  fieldsOf,
  notFound,
  principalOf,
} from '@innkeep/platform/http';
import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  DecideApprovalsInBulk,
  decideApprovalsBody,
  decisionsAnswer,
} from './decide-approvals-in-bulk/decide-approvals-in-bulk.command';
import {
  GetCategorySummary,
  categorySummaryAnswer,
  categorySummaryQuery,
} from './get-category-summary/get-category-summary.query';
import { GetFinanceSummary, summaryAnswer, summaryQuery } from './get-summary/get-summary.query';

const summaryCache = cached({
  family: cacheFamilies.finance,
  tags: ({ organizationId }, { propertyId }: z.output<typeof summaryQuery>) =>
    propertyTags(organizationId, propertyId, [tags.propertyFinance(propertyId), tags.financeSummary(propertyId)]),
});

@ApiTags('finance')
@Controller('v1/finance')
export class FinanceController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
  ) {}

  @Post('approvals/bulk')
  @HttpCode(200)
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Decide on up to 1,000 pending transactions at once',
    answer: decisionsAnswer,
    isKeyRequired: true,
    bodyLimit: BULK_BODY_LIMIT,
  })
  async decideInBulk(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: decideApprovalsBody }) body: z.output<typeof decideApprovalsBody>,
  ) {
    const { transactionIds, ...decision } = body;
    this.answers.committed(
      reply,
      200,
      await this.commands.execute(new DecideApprovalsInBulk(commandContext(request), transactionIds, decision)),
    );
  }

  @Get('summary')
  @Route({
    allow: 'signed-in',
    summary: 'What a property has received, spent and still to approve',
    answer: summaryAnswer,
    cache: summaryCache,
    fields: fieldsOf(summaryAnswer),
  })
  async summary(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: summaryQuery }) query: z.output<typeof summaryQuery>,
  ) {
    const principal = principalOf(request);
    assertRange(query);
    if (!maySeeProperty(principal, query.propertyId)) throw notFound('property');
    const answerTags = summaryCache.tags(principal, query);
    const { rows, ...freshness } = await this.queries.execute(
      new GetFinanceSummary(principal, query, request.minPosition, answerTags),
    );
    if (!rows[0]!.isKnown) throw notFound('property');
    this.answers.read(request, reply, {
      body: rows[0]!.body,
      freshness,
      tags: answerTags,
      shape: 'finance-summary.1',
    });
  }
  @Get('summary/categories')
  @Route({
    allow: 'signed-in',
    summary: 'What a property has received and spent by category, with its taxes',
    description: 'Only approved transactions count.',
    answer: categorySummaryAnswer,
    cache: summaryCache,
    fields: fieldsOf(categorySummaryAnswer),
  })
  async categories(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: categorySummaryQuery }) query: z.output<typeof categorySummaryQuery>,
  ) {
    const principal = principalOf(request);
    assertRange(query);
    if (!maySeeProperty(principal, query.propertyId)) throw notFound('property');
    const answerTags = summaryCache.tags(principal, query);
    const { rows, ...freshness } = await this.queries.execute(
      new GetCategorySummary(principal, query, request.minPosition, answerTags),
    );
    if (!rows[0]!.isKnown) throw notFound('property');
    this.answers.read(request, reply, {
      body: rows[0]!.body,
      freshness,
      tags: answerTags,
      shape: 'category-summary.1',
    });
  }
}
