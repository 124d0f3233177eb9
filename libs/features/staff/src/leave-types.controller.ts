import {
  Answers,
  Cursors,
  Route,
  commandContext,
  fieldsOf,
  ifMatchVersion,
  principalOf,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ChangeLeaveType } from './change-leave-type/change-leave-type.command';
import { DefineLeaveType } from './define-leave-type/define-leave-type.command';
import { GetLeaveType } from './get-leave-type/get-leave-type.query';
import { type LeaveTypeChanges, leaveTypeBody, leaveTypeChanges } from './leave-type';
import { ListLeaveTypes, leaveTypePage, listLeaveTypesQuery } from './list-leave-types/list-leave-types.query';
import { RetireLeaveType } from './retire-leave-type/retire-leave-type.command';
import { leaveTypeAnswer } from './staff.answers';
import { leaveTypesCache } from './staff.scope';

@ApiTags('staff')
@Controller('v1/staff/leave-types')
export class LeaveTypesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @Route({ allow: ['owner'], summary: 'Define a kind of leave', answer: leaveTypeAnswer, isVersioned: true })
  async define(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: leaveTypeBody }) body: z.output<typeof leaveTypeBody>,
  ) {
    const committed = await this.commands.execute(new DefineLeaveType(commandContext(request), body));
    this.answers.committed(reply, 201, committed, { etag: `"${committed.version}"` });
  }

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List the kinds of leave',
    description: 'In the order in which they were defined; retired ones too, because what was taken refers to them.',
    answer: leaveTypePage,
    cache: leaveTypesCache,
    fields: fieldsOf(leaveTypePage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listLeaveTypesQuery }) query: z.output<typeof listLeaveTypesQuery>,
  ) {
    const principal = principalOf(request);
    const list = `leave-types ${principal.organizationId}`;
    const after = query.cursor ? String(this.cursors.decode(list, query.cursor)[0]) : undefined;
    const tags = leaveTypesCache.tags(principal, query);
    const { rows, ...freshness } = await this.queries.execute(
      new ListLeaveTypes(principal, after, query.limit + 1, request.minPosition, tags),
    );
    const body = this.cursors.pageOf(list, rows, query.limit);
    this.answers.read(request, reply, { body, freshness, tags, shape: 'leave-types.1' });
  }

  @Get(':id')
  @Route({
    allow: 'signed-in',
    summary: 'Get a kind of leave',
    answer: leaveTypeAnswer,
    isVersioned: true,
    fields: fieldsOf(leaveTypeAnswer),
  })
  async get(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    const query = new GetLeaveType(principalOf(request), id, request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    this.answers.item(request, reply, rows[0]!, freshness);
  }

  @Patch(':id')
  @Route({
    allow: ['owner'],
    summary: 'Change a kind of leave',
    answer: leaveTypeAnswer,
    description: 'Balances follow, those of other years too. With If-Match, only if it is still the version you read.',
    takesIfMatch: true,
  })
  async change(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: leaveTypeChanges }) body: LeaveTypeChanges,
  ) {
    const command = new ChangeLeaveType(commandContext(request), id, body, ifMatchVersion(request));
    this.answers.committed(reply, 200, await this.commands.execute(command));
  }

  @Delete(':id')
  @HttpCode(204)
  @Route({
    allow: ['owner'],
    summary: 'Retire a kind of leave',
    description: 'Nobody can ask for it any more. What was taken or asked for stays.',
    takesIfMatch: true,
  })
  async retire(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    const command = new RetireLeaveType(commandContext(request), id, ifMatchVersion(request));
    this.answers.committed(reply, 204, await this.commands.execute(command));
  }
}
