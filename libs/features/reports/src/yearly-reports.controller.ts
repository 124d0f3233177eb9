import { cacheFamilies, tags } from '@innkeep/contracts';
import { Answers, Route, cached, fieldsOf, notFound } from '@innkeep/platform/http';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  GetYearlyReport,
  quarterlyReportAnswer,
  quarterlyReportQuery,
  yearlyReportAnswer,
  yearlyReportQuery,
} from './get-yearly-report/get-yearly-report.query';
import { principalFor, reportTags } from './reports.scope';

const yearCache = cached({
  family: cacheFamilies.reports,
  tags: (principal, { propertyId, year }: z.output<typeof yearlyReportQuery>) => [
    ...reportTags(principal, propertyId),
    tags.yearlyReport(propertyId, String(year)),
  ],
});

/** Reports of longer than a month, summed up from the months. */
@ApiTags('reports')
@Controller('v1/reports')
export class YearlyReportsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly answers: Answers,
  ) {}

  @Get('quarterly-report')
  @Route({
    allow: 'signed-in',
    summary: 'What a property received and spent in a quarter, with its months',
    answer: quarterlyReportAnswer,
    description: 'Only approved transactions count.',
    cache: yearCache,
    fields: fieldsOf(quarterlyReportAnswer),
  })
  quarterly(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: quarterlyReportQuery }) query: z.output<typeof quarterlyReportQuery>,
  ) {
    return this.answer(request, reply, query, 'quarterly-report.1');
  }

  @Get('yearly-report')
  @Route({
    allow: 'signed-in',
    summary: 'What a property received and spent in a year, with its quarters and months',
    answer: yearlyReportAnswer,
    description: 'Only approved transactions count.',
    cache: yearCache,
    fields: fieldsOf(yearlyReportAnswer),
  })
  yearly(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: yearlyReportQuery }) query: z.output<typeof yearlyReportQuery>,
  ) {
    return this.answer(request, reply, query, 'yearly-report.1');
  }

  private async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    query: GetYearlyReport['filter'],
    shape: string,
  ): Promise<void> {
    const principal = principalFor(request, query.propertyId);
    const answerTags = yearCache.tags(principal, query);
    const { rows, ...freshness } = await this.queries.execute(
      new GetYearlyReport(principal.organizationId, query, request.minPosition, answerTags),
    );
    if (!rows[0]) throw notFound('property');
    this.answers.read(request, reply, { body: rows[0].body, freshness, tags: answerTags, shape });
  }
}
