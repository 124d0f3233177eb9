import { Answers, Route, commandContext, fieldsOf, uuidParameter } from '@innkeep/platform/http';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CancelLeave } from './cancel-leave/cancel-leave.command';
import type { Decision } from './correction';
import { decisionBody } from './decide-correction/decide-correction.command';
import { DecideLeave } from './decide-leave/decide-leave.command';
import {
  type LeaveFilter,
  ListLeaveRequests,
  leavePage,
  listLeaveRequestsQuery,
} from './list-leave-requests/list-leave-requests.query';
import { type LeaveInput, RequestLeave, requestLeaveBody } from './request-leave/request-leave.command';
import { leaveAnswer } from './staff.answers';
import { type StaffList, StaffPages } from './staff.routes';
import { staffCaches } from './staff.scope';

const requests: StaffList<LeaveFilter, readonly [number]> = {
  name: 'leave-requests',
  cache: staffCaches.leave,
  ask: (...parts) => new ListLeaveRequests(...parts),
};

@ApiTags('staff')
@Controller('v1/staff/leave-requests')
export class LeaveRequestsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly answers: Answers,
    private readonly pages: StaffPages,
  ) {}

  @Post()
  @Route({
    allow: ['owner', 'manager', 'staff'],
    summary: 'Ask for leave',
    description:
      'In one year, on days that the property counts, not over other leave, and no more than is left. It may begin or end at noon.',
    answer: leaveAnswer,
  })
  async request(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: requestLeaveBody }) body: LeaveInput,
  ) {
    this.answers.committed(reply, 201, await this.commands.execute(new RequestLeave(commandContext(request), body)));
  }

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List leave requests, those asked for last first',
    description: 'Staff see their own, everybody else those of the properties that they look after.',
    answer: leavePage,
    cache: staffCaches.leave,
    fields: fieldsOf(leavePage),
  })
  list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listLeaveRequestsQuery }) query: LeaveFilter,
  ) {
    return this.pages.answer(request, reply, query, requests);
  }

  @Put(':id/approval')
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Approve or reject a leave request',
    description: 'Not your own or one that you asked for, unless you are an owner.',
    answer: leaveAnswer,
  })
  async decide(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: decisionBody }) body: Decision,
  ) {
    this.answers.committed(reply, 200, await this.commands.execute(new DecideLeave(commandContext(request), id, body)));
  }

  @Post(':id/cancellation')
  @HttpCode(200)
  @Route({
    allow: ['owner', 'manager', 'staff'],
    summary: 'Cancel a leave request or an approved leave',
    description: 'You cancel your own before it begins; a manager cancels what has begun too.',
    answer: leaveAnswer,
  })
  async cancel(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    this.answers.committed(reply, 200, await this.commands.execute(new CancelLeave(commandContext(request), id)));
  }
}
