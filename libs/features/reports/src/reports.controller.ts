import { cacheFamilies, tags } from '@innkeep/contracts';
import { Answers, Cursors, Route, cached, fieldsOf, notFound } from '@innkeep/platform/http';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { GetDailyReport, dailyReportAnswer, dailyReportQuery } from './get-daily-report/get-daily-report.query';
import {
  GetMonthlyReport,
  monthlyReportAnswer,
  monthlyReportQuery,
} from './get-monthly-report/get-monthly-report.query';
import {
  ListDateTransactions,
  dateTransactionsQuery,
  dateTransactionsPage,
} from './list-date-transactions/list-date-transactions.query';
import { principalFor, reportTags } from './reports.scope';

const dayCache = cached({
  family: cacheFamilies.reports,
  tags: (principal, { propertyId, date }: { readonly propertyId: number; readonly date: string }) => [
    ...reportTags(principal, propertyId),
    tags.dailyReport(propertyId, date),
  ],
});

const monthCache = cached({
  family: cacheFamilies.reports,
  tags: (principal, { propertyId, year, month }: z.output<typeof monthlyReportQuery>) => [
    ...reportTags(principal, propertyId),
    tags.monthlyReport(propertyId, `${year}-${String(month).padStart(2, '0')}`),
  ],
});

@ApiTags('reports')
@Controller('v1/reports')
export class ReportsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Get('daily-report')
  @Route({
    allow: 'signed-in',
    summary: 'What a property received and spent on a business day',
    answer: dailyReportAnswer,
    description: 'Only approved transactions count.',
    cache: dayCache,
    fields: fieldsOf(dailyReportAnswer),
  })
  async daily(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: dailyReportQuery }) query: z.output<typeof dailyReportQuery>,
  ) {
    const principal = principalFor(request, query.propertyId);
    const answerTags = dayCache.tags(principal, query);
    const { rows, ...freshness } = await this.queries.execute(
      new GetDailyReport(principal.organizationId, query, request.minPosition, answerTags),
    );
    if (!rows[0]) throw notFound('property');
    this.answers.read(request, reply, {
      body: rows[0].body,
      freshness,
      tags: answerTags,
      shape: 'daily-report.1',
    });
  }

  @Get('monthly-report')
  @Route({
    allow: 'signed-in',
    summary: 'What a property received and spent in a month, with its days',
    answer: monthlyReportAnswer,
    description: 'Only approved transactions count.',
    cache: monthCache,
    fields: fieldsOf(monthlyReportAnswer),
  })
  async monthly(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: monthlyReportQuery }) query: z.output<typeof monthlyReportQuery>,
  ) {
    const principal = principalFor(request, query.propertyId);
    const answerTags = monthCache.tags(principal, query);
    const { rows, ...freshness } = await this.queries.execute(
      new GetMonthlyReport(principal.organizationId, query, request.minPosition, answerTags),
    );
    if (!rows[0]) throw notFound('property');
    this.answers.read(request, reply, {
      body: rows[0].body,
      freshness,
      tags: answerTags,
      shape: 'monthly-report.2',
    });
  }

  @Get('date-transactions')
  @Route({
    allow: 'signed-in',
    summary: 'The approved transactions of a business day',
    answer: dateTransactionsPage,
    cache: dayCache,
    fields: fieldsOf(dateTransactionsPage),
  })
  async dateTransactions(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: dateTransactionsQuery }) query: z.output<typeof dateTransactionsQuery>,
  ) {
    const principal = principalFor(request, query.propertyId);
    const list = `date-transactions ${principal.organizationId} ${query.propertyId} ${query.date}`;
    const after =
      query.cursor === undefined ? undefined : (this.cursors.decode(list, query.cursor) as [string, string]);
    const answerTags = dayCache.tags(principal, query);
    const { rows, ...freshness } = await this.queries.execute(
      new ListDateTransactions(principal.organizationId, query, after, request.minPosition, answerTags),
    );
    if (!rows[0]) throw notFound('property');
    const data = rows[0].data.slice(0, query.limit);
    const last = rows[0].data.length > query.limit ? data.at(-1) : undefined;
    const nextCursor = last ? this.cursors.encode(list, [last.occurredAt, last.id]) : null;
    this.answers.read(request, reply, {
      body: { data, nextCursor },
      freshness,
      tags: answerTags,
      shape: 'date-transactions.1',
    });
  }
}
