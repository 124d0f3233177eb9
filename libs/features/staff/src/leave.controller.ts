import { Answers, Route, commandContext, fieldsOf, personalAnswer, principalOf } from '@innkeep/platform/http';
import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { GrantLeave, grantAnswer, grantLeaveBody } from './grant-leave/grant-leave.command';
import {
  ListLeaveBalances,
  leaveBalancesAnswer,
  leaveBalancesQuery,
} from './list-leave-balances/list-leave-balances.query';
import {
  type AfterLeaveMonth,
  type LeaveStatisticsFilter,
  ListLeaveStatistics,
  leaveStatisticsPage,
  leaveStatisticsQuery,
} from './list-leave-statistics/list-leave-statistics.query';
import { usualMonth } from './leave-balance';
import { type StaffList, StaffPages } from './staff.routes';
import { staffCaches } from './staff.scope';

const months: StaffList<LeaveStatisticsFilter, AfterLeaveMonth> = {
  name: 'leave-statistics',
  cache: staffCaches.leave,
  ask: (...parts) => new ListLeaveStatistics(...parts),
};

/** What people have of leave, and what they took of it. */
@ApiTags('staff')
@Controller('v1/staff')
export class LeaveController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly pages: StaffPages,
  ) {}

  @Get('leave-balances')
  @Route({
    allow: 'signed-in',
    summary: 'See how much leave is left in a year',
    description: 'Yours; of others if you look after a property that they work in, and are not staff.',
    answer: leaveBalancesAnswer,
    fields: fieldsOf(leaveBalancesAnswer),
  })
  async balances(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: leaveBalancesQuery }) { year, month, userId }: z.output<typeof leaveBalancesQuery>,
  ) {
    const principal = principalOf(request);
    const at = { year, month: month ?? usualMonth(year, new Date()) };
    const query = new ListLeaveBalances(principal, userId ?? principal.userId, at, request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, rows[0]!.body, freshness);
  }

  @Post('leave-grants')
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Give somebody more or less leave in a year than everybody has',
    description: 'Not yourself, unless you are an owner.',
    answer: grantAnswer,
  })
  async grant(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: grantLeaveBody }) body: z.output<typeof grantLeaveBody>,
  ) {
    this.answers.committed(reply, 201, await this.commands.execute(new GrantLeave(commandContext(request), body)));
  }

  @Get('leave-statistics')
  @Route({
    allow: 'signed-in',
    summary: 'Days of leave in a month or a year, by property, person and kind',
    answer: leaveStatisticsPage,
    cache: staffCaches.leave,
    fields: fieldsOf(leaveStatisticsPage),
  })
  statistics(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: leaveStatisticsQuery }) query: LeaveStatisticsFilter,
  ) {
    return this.pages.answer(request, reply, query, months);
  }
}
