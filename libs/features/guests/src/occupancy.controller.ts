import { maySeeProperty } from '@innkeep/contracts';
import {
  Answers,
  MOST_DAYS,
  Route,
  assertRange,
  fieldsOf,
  idParameter,
  notFound,
  principalOf,
} from '@innkeep/platform/http';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { GetOccupancy, occupancyAnswer, occupancyQuery } from './get-occupancy/get-occupancy.query';
import { occupancyCache } from './guests.caches';

/** How properties are filled. */
@ApiTags('guests')
@Controller('v1/properties/:id/occupancy')
export class OccupancyController {
  constructor(
    private readonly queries: QueryBus,
    private readonly answers: Answers,
  ) {}

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'How a property is filled, by business day',
    answer: occupancyAnswer,
    description:
      'A party fills the nights from its arrival up to and without its departure, and as many units as it is given, or one as long as it is given none. A property without units has no rate.',
    cache: occupancyCache,
    fields: fieldsOf(occupancyAnswer),
  })
  async get(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) propertyId: number,
    @Query({ schema: occupancyQuery }) range: z.output<typeof occupancyQuery>,
  ) {
    assertRange(range, MOST_DAYS);
    const principal = principalOf(request);
    if (!maySeeProperty(principal, propertyId)) throw notFound('property');
    const answerTags = occupancyCache.tags(principal, { propertyId });
    const { rows, ...freshness } = await this.queries.execute(
      new GetOccupancy(principal, propertyId, range, request.minPosition, answerTags),
    );
    const { body, isKnown } = rows[0]!;
    if (!isKnown) throw notFound('property');
    const { position, asOf } = freshness;
    this.answers.read(request, reply, {
      body: { ...body, position, asOf },
      freshness,
      tags: answerTags,
      shape: 'occupancy.1',
    });
  }
}
