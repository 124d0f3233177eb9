import { Answers, Route, fieldsOf, idParameter, operatorOf, personalAnswer, principalOf } from '@innkeep/platform/http';
import { Body, Controller, Get, Param, Put, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { GetPlan, planAnswer } from './get-plan/get-plan.query';
import { SetPlan, operatedPlanAnswer, setPlanBody } from './set-plan/set-plan.command';

@ApiTags('organization')
@Controller('v1/organization/plan')
export class PlanController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @Route({
    allow: ['owner', 'manager'],
    summary: 'The plan of your organization, and how much of it is used',
    answer: planAnswer,
    fields: fieldsOf(planAnswer),
  })
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const query = new GetPlan(principalOf(request), request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, rows[0]!, freshness);
  }
}

/** The plan of an organization as operators decide it. */
@ApiTags('system')
@Controller('v1/system/organizations/:id/plan')
export class OperatedPlanController {
  constructor(
    private readonly commands: CommandBus,
    private readonly answers: Answers,
  ) {}

  @Put()
  @Route({
    allow: 'operator',
    summary: 'Put an organization on another plan',
    answer: operatedPlanAnswer,
    description:
      'What it has stays, even if it is more than the plan has room for; then nothing can be added. Requests are counted by the new plan within a minute. Owners see the reason.',
  })
  async set(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) id: number,
    @Body({ schema: setPlanBody }) body: z.output<typeof setPlanBody>,
  ) {
    const command = new SetPlan(operatorOf(request).operatorId, request.id, id, body);
    this.answers.committed(reply, 200, await this.commands.execute(command));
  }
}
