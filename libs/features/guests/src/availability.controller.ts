import { maySeeProperty } from '@innkeep/contracts';
import {
  Answers,
  Cursors,
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
import { availabilityCache } from './guests.caches';
import {
  ListAvailableUnits,
  availabilityPage,
  availabilityQuery,
} from './list-available-units/list-available-units.query';

/** What a party can be given. */
@ApiTags('guests')
@Controller('v1/properties/:id/availability')
export class AvailabilityController {
  constructor(
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List the units of a property that are free for a stay',
    answer: availabilityPage,
    description:
      'In service and in order on all its days, kept for nobody else, and, from today on, with nobody in them. Whoever is given one may still come second: then the stay is refused with `unit-taken`.',
    cache: availabilityCache,
    fields: fieldsOf(availabilityPage),
    isRevalidated: true,
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) propertyId: number,
    @Query({ schema: availabilityQuery }) { cursor, limit, ...asked }: z.output<typeof availabilityQuery>,
  ) {
    assertRange(asked, MOST_DAYS);
    const principal = principalOf(request);
    if (!maySeeProperty(principal, propertyId)) throw notFound('property');
    const list = JSON.stringify(['availability', principal.organizationId, propertyId, asked]);
    const after = cursor === undefined ? undefined : String(this.cursors.decode(list, cursor)[0]);
    const answerTags = availabilityCache.tags(principal, { propertyId });
    const { rows, ...freshness } = await this.queries.execute(
      new ListAvailableUnits(
        principal,
        { ...asked, propertyId, after, limit: limit + 1 },
        new Date(),
        request.minPosition,
        answerTags,
      ),
    );
    if (!rows[0]) throw notFound('property');
    const { data, byType, secondsLeft } = rows[0];
    this.answers.read(request, reply, {
      body: { ...this.cursors.pageOf(list, data, limit), byType },
      freshness,
      secondsLeft,
      tags: answerTags,
      shape: 'availability.1',
    });
  }
}
