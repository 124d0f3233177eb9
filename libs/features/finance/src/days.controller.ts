import { cacheFamilies, maySeeProperty, organizationTags, propertyTags, tags } from '@innkeep/contracts';
import {
  Answers,
  Cursors,
  Route,
  assertRange,
  cached,
  commandContext,
  fieldsOf,
  ifMatchVersion,
  notFound,
  principalOf,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CloseDay, closeDayBody } from './close-day/close-day.command';
import { type CloseDayInput, dayAnswer } from './day';
import { GetDay } from './get-day/get-day.query';
import { type DayFilter, ListDays, dayPage, listDaysQuery } from './list-days/list-days.query';
import { ReopenDay, reopenDayBody } from './reopen-day/reopen-day.command';

const daysCache = cached({
  family: cacheFamilies.finance,
  tags: ({ organizationId }, { propertyId }: { readonly propertyId?: number }) =>
    propertyId === undefined
      ? organizationTags(organizationId, [tags.organizationFinance(organizationId)])
      : propertyTags(organizationId, propertyId, [tags.propertyFinance(propertyId)]),
});

/** Closing business days, and opening them again. */
@ApiTags('finance')
@Controller('v1/finance/days')
export class DaysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post('close')
  @HttpCode(200)
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Close a business day of a property',
    description:
      'With what was counted of its takings; what was expected and the difference are kept beside it. Everything of the day has to be decided on before. Nothing is recorded on a closed day, moved to it or reversed on it.',
    answer: dayAnswer,
    isVersioned: true,
  })
  async close(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: closeDayBody }) body: CloseDayInput,
  ) {
    const committed = await this.commands.execute(new CloseDay(commandContext(request), body));
    this.answers.committed(reply, 200, committed, { etag: `"${committed.version}"` });
  }

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List the business days that were closed, latest first',
    answer: dayPage,
    cache: daysCache,
    fields: fieldsOf(dayPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listDaysQuery }) query: DayFilter,
  ) {
    assertRange(query);
    const principal = principalOf(request);
    const { cursor, limit, ...filter } = query;
    if (filter.propertyId !== undefined && !maySeeProperty(principal, filter.propertyId)) throw notFound('property');
    const list = JSON.stringify(['days', principal.organizationId, filter]);
    const before = cursor === undefined ? undefined : (this.cursors.decode(list, cursor) as [string, string]);
    const answerTags = daysCache.tags(principal, query);
    const { rows, ...freshness } = await this.queries.execute(
      new ListDays(principal, query, before, request.minPosition, answerTags),
    );
    const page = rows[0]!;
    if (!page.isKnown) throw notFound('property');
    const data = page.data.slice(0, limit);
    const last = page.data.length > limit ? data.at(-1) : undefined;
    const nextCursor = last ? this.cursors.encode(list, [last.businessDay, last.id]) : null;
    this.answers.read(request, reply, { body: { data, nextCursor }, freshness, tags: answerTags, shape: 'days.1' });
  }

  @Get(':id')
  @Route({
    allow: 'signed-in',
    summary: 'Get a business day that was closed',
    answer: dayAnswer,
    isVersioned: true,
    fields: fieldsOf(dayAnswer),
  })
  async get(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    const { rows, ...freshness } = await this.queries.execute(
      new GetDay(principalOf(request), id, request.minPosition),
    );
    this.answers.item(request, reply, rows[0]!, freshness);
  }

  @Post(':id/reopen')
  @HttpCode(200)
  @Route({
    allow: ['owner'],
    summary: 'Open a closed business day again',
    description: 'With the reason, which is kept. What was counted stays until the day is closed again.',
    answer: dayAnswer,
    isVersioned: true,
    takesIfMatch: true,
  })
  async reopen(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: reopenDayBody }) { reason }: z.output<typeof reopenDayBody>,
  ) {
    const command = new ReopenDay(commandContext(request), id, reason, ifMatchVersion(request));
    const committed = await this.commands.execute(command);
    this.answers.committed(reply, 200, committed, { etag: `"${committed.version}"` });
  }
}
