import {
  Answers,
  Cursors,
  Route,
  commandContext,
  fieldsOf,
  idParameter,
  ifMatchVersion,
  notFound,
  personalAnswer,
  principalOf,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AddUnit, addUnitBody } from './add-unit/add-unit.command';
import { ChangeUnit, changeUnitBody } from './change-unit/change-unit.command';
import { ListUnits, listUnitsQuery, unitPage } from './list-units/list-units.query';
import { type UnitChanges, type UnitInput, unitAnswer } from './unit';

/** The units of a property: what occupancy is counted in. */
@ApiTags('properties')
@Controller('v1/properties/:id/units')
export class UnitsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @Route({ allow: ['owner', 'manager'], summary: 'Add a unit to a property', answer: unitAnswer, isVersioned: true })
  async add(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) id: number,
    @Body({ schema: addUnitBody }) body: UnitInput,
  ) {
    const committed = await this.commands.execute(new AddUnit(commandContext(request), id, body));
    this.answers.committed(reply, 201, committed, { etag: `"${committed.version}"` });
  }

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List the units of a property',
    answer: unitPage,
    fields: fieldsOf(unitPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) id: number,
    @Query({ schema: listUnitsQuery }) { cursor, limit }: z.output<typeof listUnitsQuery>,
  ) {
    const principal = principalOf(request);
    const list = `units ${principal.organizationId} ${id}`;
    const after = cursor === undefined ? undefined : String(this.cursors.decode(list, cursor)[0]);
    const { rows, ...freshness } = await this.queries.execute(
      new ListUnits(principal, id, after, limit + 1, request.minPosition),
    );
    if (!rows[0]) throw notFound('property');
    personalAnswer(reply, this.cursors.pageOf(list, rows[0].units, limit), freshness);
  }

  @Patch(':unitId')
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Change a unit, or put it out of order or out of service',
    answer: unitAnswer,
    description: 'With If-Match, only if it is still the version you read.',
    isVersioned: true,
    takesIfMatch: true,
  })
  async change(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) id: number,
    @Param('unitId', { schema: uuidParameter }) unitId: string,
    @Body({ schema: changeUnitBody }) body: UnitChanges,
  ) {
    const committed = await this.commands.execute(
      new ChangeUnit(commandContext(request), id, unitId, body, ifMatchVersion(request)),
    );
    this.answers.committed(reply, 200, committed, { etag: `"${committed.version}"` });
  }
}
