import {
  Answers,
  Route,
  commandContext,
  fieldsOf,
  personalAnswer,
  principalOf,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CheckIn, checkInBody } from './check-in/check-in.command';
import { CheckOut, checkOutBody } from './check-out/check-out.command';
import { GetShift } from './get-shift/get-shift.query';
import {
  type AfterShift,
  type AttendanceFilter,
  ListAttendance,
  attendancePage,
  listAttendanceQuery,
} from './list-attendance/list-attendance.query';
import {
  type AfterMonth,
  type AttendanceStatisticsFilter,
  ListAttendanceStatistics,
  attendanceStatisticsPage,
  attendanceStatisticsQuery,
} from './list-attendance-statistics/list-attendance-statistics.query';
import { locatedShift, shiftAnswer } from './staff.answers';
import { type StaffList, StaffPages } from './staff.routes';
import { staffCaches } from './staff.scope';

const shifts: StaffList<AttendanceFilter, AfterShift> = {
  name: 'attendance',
  cache: staffCaches.attendance,
  ask: (...parts) => new ListAttendance(...parts),
};
const months: StaffList<AttendanceStatisticsFilter, AfterMonth> = {
  name: 'attendance-statistics',
  cache: staffCaches.attendance,
  ask: (...parts) => new ListAttendanceStatistics(...parts),
};

@ApiTags('staff')
@Controller('v1/staff')
export class AttendanceController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly pages: StaffPages,
  ) {}

  @Post('check-in')
  @Route({
    allow: ['owner', 'manager', 'staff'],
    summary: 'Begin your shift',
    description:
      'In one property at a time. Where you are is asked for by properties with a geofence; it is sealed, shown to your managers and you, and forgotten 90 days after the end of the month.',
    answer: shiftAnswer,
    isKeyRequired: true,
  })
  async checkIn(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: checkInBody }) body: z.output<typeof checkInBody>,
  ) {
    this.answers.committed(reply, 201, await this.commands.execute(new CheckIn(commandContext(request), body)));
  }

  @Post('check-out')
  @HttpCode(200)
  @Route({
    allow: ['owner', 'manager', 'staff'],
    summary: 'End your shift',
    description: 'Wherever you are: that you are outside a geofence is noted and keeps nobody.',
    answer: shiftAnswer,
    isKeyRequired: true,
  })
  async checkOut(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: checkOutBody }) body: z.output<typeof checkOutBody>,
  ) {
    this.answers.committed(reply, 200, await this.commands.execute(new CheckOut(commandContext(request), body)));
  }

  @Get('attendance')
  @Route({
    allow: 'signed-in',
    summary: 'List shifts, the latest first',
    description: 'Staff see their own, everybody else those of the properties that they look after.',
    answer: attendancePage,
    cache: staffCaches.attendance,
    fields: fieldsOf(attendancePage),
  })
  list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listAttendanceQuery }) query: AttendanceFilter,
  ) {
    return this.pages.answer(request, reply, query, shifts);
  }

  @Get('attendance/:id')
  @Route({
    allow: 'signed-in',
    summary: 'Get a shift, with where it was as long as that is kept',
    answer: locatedShift,
    fields: fieldsOf(locatedShift),
  })
  async get(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    const query = new GetShift(principalOf(request), id, request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, rows[0]!.body, freshness);
  }

  @Get('attendance-statistics')
  @Route({
    allow: 'signed-in',
    summary: 'What people worked in a month or a year, by property',
    description: 'Hours are those that passed between the beginning and the end, whatever clocks on walls did.',
    answer: attendanceStatisticsPage,
    cache: staffCaches.attendance,
    fields: fieldsOf(attendanceStatisticsPage),
  })
  statistics(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: attendanceStatisticsQuery }) query: AttendanceStatisticsFilter,
  ) {
    return this.pages.answer(request, reply, query, months);
  }
}
