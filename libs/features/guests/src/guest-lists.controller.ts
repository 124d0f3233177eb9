import { maySeeProperty } from '@innkeep/contracts';
import {
  Answers,
  Cursors,
  MOST_DAYS,
  Route,
  assertRange,
  fieldsOf,
  notFound,
  principalOf,
} from '@innkeep/platform/http';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { GetMovements, movementsAnswer, movementsQuery } from './get-movements/get-movements.query';
import { dayCache, occupancyCache, staysCache } from './guests.caches';
import { ListDay, dayPage, listDayQuery } from './list-day/list-day.query';
import { ListStays, listStaysQuery, stayPage } from './list-stays/list-stays.query';
import type { Movement } from './stay-days.sql';

type DayAsked = z.output<typeof listDayQuery>;

/** Who is there, who comes and who goes. */
@ApiTags('guests')
@Controller('v1/guest-checkin')
export class GuestListsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Get('list')
  @Route({
    allow: 'signed-in',
    summary: 'List stays, the newest first',
    answer: stayPage,
    cache: staysCache,
    fields: fieldsOf(stayPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listStaysQuery }) { cursor, limit, ...filter }: z.output<typeof listStaysQuery>,
  ) {
    const principal = principalOf(request);
    const { propertyId } = filter;
    if (propertyId !== undefined && !maySeeProperty(principal, propertyId)) throw notFound('property');
    const list = JSON.stringify(['stays', principal.organizationId, filter]);
    const before = cursor === undefined ? undefined : String(this.cursors.decode(list, cursor)[0]);
    const answerTags = staysCache.tags(principal, filter);
    const { rows, ...freshness } = await this.queries.execute(
      new ListStays(principal, { ...filter, limit: limit + 1 }, before, request.minPosition, answerTags),
    );
    const { data, isKnown } = rows[0]!;
    if (!isKnown) throw notFound('property');
    this.answers.read(request, reply, {
      body: this.cursors.pageOf(list, data, limit),
      freshness,
      tags: answerTags,
      shape: 'stays.1',
    });
  }

  @Get('arrivals')
  @Route({
    allow: 'signed-in',
    summary: 'List the parties that come to a property on a business day, or were to',
    answer: dayPage,
    description:
      'A party that has come is on the list of the day on which it did; one that has not, of the agreed day.',
    cache: dayCache,
    fields: fieldsOf(dayPage),
    isRevalidated: true,
  })
  arrivals(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listDayQuery }) query: DayAsked,
  ) {
    return this.day(request, reply, query, 'arrivals');
  }

  @Get('departures')
  @Route({
    allow: 'signed-in',
    summary: 'List the parties that leave a property on a business day, or are to',
    answer: dayPage,
    cache: dayCache,
    fields: fieldsOf(dayPage),
    isRevalidated: true,
  })
  departures(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listDayQuery }) query: DayAsked,
  ) {
    return this.day(request, reply, query, 'departures');
  }

  @Get('in-house')
  @Route({
    allow: 'signed-in',
    summary: 'List the parties that are in a property at the end of a business day',
    answer: dayPage,
    description: 'Those that have come by then and not left; also those that stay longer than agreed.',
    cache: dayCache,
    fields: fieldsOf(dayPage),
    isRevalidated: true,
  })
  inHouse(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listDayQuery }) query: DayAsked,
  ) {
    return this.day(request, reply, query, 'in-house');
  }

  @Get('report')
  @Route({
    allow: 'signed-in',
    summary: 'Count check-ins and check-outs of a property by business day',
    answer: movementsAnswer,
    cache: occupancyCache,
    fields: fieldsOf(movementsAnswer),
  })
  async report(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: movementsQuery }) query: z.output<typeof movementsQuery>,
  ) {
    assertRange(query, MOST_DAYS);
    const principal = principalOf(request);
    if (!maySeeProperty(principal, query.propertyId)) throw notFound('property');
    const answerTags = occupancyCache.tags(principal, query);
    const { rows, ...freshness } = await this.queries.execute(
      new GetMovements(principal, query, request.minPosition, answerTags),
    );
    const { body, isKnown } = rows[0]!;
    if (!isKnown) throw notFound('property');
    const { position, asOf } = freshness;
    this.answers.read(request, reply, {
      body: { ...body, position, asOf },
      freshness,
      tags: answerTags,
      shape: 'guest-movements.1',
    });
  }

  private async day(request: FastifyRequest, reply: FastifyReply, query: DayAsked, movement: Movement): Promise<void> {
    const { propertyId, cursor, limit } = query;
    const principal = principalOf(request);
    if (!maySeeProperty(principal, propertyId)) throw notFound('property');
    const list = JSON.stringify(['stays', principal.organizationId, movement, propertyId, query.day]);
    const [before, day = query.day] = cursor === undefined ? [] : (this.cursors.decode(list, cursor) as string[]);
    const answerTags = dayCache.tags(principal, { propertyId });
    const asked = { propertyId, movement, day, before, limit: limit + 1 };
    const { rows, ...freshness } = await this.queries.execute(
      new ListDay(principal, asked, new Date(), request.minPosition, answerTags),
    );
    if (!rows[0]) throw notFound('property');
    const { businessDay, secondsLeft } = rows[0];
    const data = rows[0].data.slice(0, limit).map(({ body }) => body);
    const isLast = rows[0].data.length <= limit;
    const nextCursor = isLast ? null : this.cursors.encode(list, [data.at(-1)!.id, businessDay]);
    this.answers.read(request, reply, {
      body: { businessDay, data, nextCursor },
      freshness,
      // A day that was asked for stays what it is; the one that the property is in ends.
      secondsLeft: query.day === undefined ? secondsLeft : undefined,
      tags: answerTags,
      shape: `stays-of-day.1 ${businessDay}`,
    });
  }
}
