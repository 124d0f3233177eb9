import { Answers, Route, commandContext, fieldsOf, uuidParameter } from '@innkeep/platform/http';
import { Body, Controller, Get, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Decision } from './correction';
import { DecideCorrection, decisionBody } from './decide-correction/decide-correction.command';
import {
  type CorrectionFilter,
  ListCorrections,
  correctionPage,
  listCorrectionsQuery,
} from './list-corrections/list-corrections.query';
import {
  type CorrectionInput,
  RequestCorrection,
  requestCorrectionBody,
} from './request-correction/request-correction.command';
import { correctionAnswer } from './staff.answers';
import { type StaffList, StaffPages } from './staff.routes';
import { staffCaches } from './staff.scope';

const corrections: StaffList<CorrectionFilter, readonly [number]> = {
  name: 'corrections',
  cache: staffCaches.attendance,
  ask: (...parts) => new ListCorrections(...parts),
};

@ApiTags('staff')
@Controller('v1/staff/corrections')
export class CorrectionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly answers: Answers,
    private readonly pages: StaffPages,
  ) {}

  @Post()
  @Route({
    allow: ['owner', 'manager', 'staff'],
    summary: 'Ask for other times of a shift, or for one that nobody recorded',
    description: 'Nothing changes until a manager approves it. Managers ask for others too.',
    answer: correctionAnswer,
  })
  async request(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: requestCorrectionBody }) body: CorrectionInput,
  ) {
    const committed = await this.commands.execute(new RequestCorrection(commandContext(request), body));
    this.answers.committed(reply, 201, committed);
  }

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List corrections, those asked for last first',
    description: 'Staff see their own, everybody else those of the properties that they look after.',
    answer: correctionPage,
    cache: staffCaches.attendance,
    fields: fieldsOf(correctionPage),
  })
  list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listCorrectionsQuery }) query: CorrectionFilter,
  ) {
    return this.pages.answer(request, reply, query, corrections);
  }

  @Put(':id/approval')
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Approve or reject a correction',
    description: 'Not one about yourself or that you asked for, unless you are an owner.',
    answer: correctionAnswer,
  })
  async decide(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: decisionBody }) body: Decision,
  ) {
    const committed = await this.commands.execute(new DecideCorrection(commandContext(request), id, body));
    this.answers.committed(reply, 200, committed);
  }
}
