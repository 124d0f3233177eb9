import type { StaffRules } from '@innkeep/contracts';
import {
  Answers,
  Route,
  commandContext,
  fieldsOf,
  idParameter,
  personalAnswer,
  principalOf,
} from '@innkeep/platform/http';
import { Body, Controller, Get, Param, Put, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GetStaffRules } from './get-rules/get-rules.query';
import { SetStaffRules } from './set-rules/set-rules.command';
import { staffRulesAnswer, staffRulesBody } from './staff-rules';

@ApiTags('staff')
@Controller('v1/staff/properties/:id/rules')
export class StaffRulesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
  ) {}

  @Get()
  @Route({
    allow: ['owner', 'manager', 'auditor'],
    summary: 'See how a property keeps its hours',
    answer: staffRulesAnswer,
    fields: fieldsOf(staffRulesAnswer),
  })
  async get(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) id: number,
  ) {
    const query = new GetStaffRules(principalOf(request), id, request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, rows[0]!.body, freshness);
  }

  @Put()
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Set how a property keeps its hours',
    description: 'All of it: what is left out is as usual. It counts for shifts and leave from now on.',
    answer: staffRulesAnswer,
  })
  async set(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) id: number,
    @Body({ schema: staffRulesBody }) body: StaffRules,
  ) {
    this.answers.committed(
      reply,
      200,
      await this.commands.execute(new SetStaffRules(commandContext(request), id, body)),
    );
  }
}
