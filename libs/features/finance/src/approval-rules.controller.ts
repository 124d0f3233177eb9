import {
  Answers,
  Cursors,
  Route,
  commandContext,
  fieldsOf,
  personalAnswer,
  principalOf,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AddApprovalRule, addApprovalRuleBody } from './add-approval-rule/add-approval-rule.command';
import type { ApprovalRuleInput } from './approval-chain';
import { approvalRuleAnswer } from './finance-rules.answers';
import {
  ListApprovalRules,
  approvalRulePage,
  listApprovalRulesQuery,
} from './list-approval-rules/list-approval-rules.query';
import { RemoveApprovalRule } from './remove-approval-rule/remove-approval-rule.command';

/** The rules of approval of an organization. */
@ApiTags('finance')
@Controller('v1/finance/approval-rules')
export class ApprovalRulesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @Route({
    allow: ['owner'],
    summary: 'Lay down who approves what',
    description:
      'Transactions of a range of amounts are approved by some roles, one after the other. Where no rule is for a transaction, one manager or owner approves it.',
    answer: approvalRuleAnswer,
  })
  async add(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: addApprovalRuleBody }) body: ApprovalRuleInput,
  ) {
    this.answers.committed(reply, 201, await this.commands.execute(new AddApprovalRule(commandContext(request), body)));
  }

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List the rules of approval',
    answer: approvalRulePage,
    fields: fieldsOf(approvalRulePage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listApprovalRulesQuery }) { cursor, limit }: z.output<typeof listApprovalRulesQuery>,
  ) {
    const principal = principalOf(request);
    const list = `approval-rules ${principal.organizationId}`;
    const after = cursor ? String(this.cursors.decode(list, cursor)[0]) : null;
    const query = new ListApprovalRules(principal, after, limit + 1, request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, this.cursors.pageOf(list, rows, limit), freshness);
  }

  @Delete(':id')
  @HttpCode(204)
  @Route({
    allow: ['owner'],
    summary: 'Remove a rule of approval',
    description: 'What waits to be approved by it goes on.',
  })
  async remove(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    this.answers.committed(
      reply,
      204,
      await this.commands.execute(new RemoveApprovalRule(commandContext(request), id)),
    );
  }
}
