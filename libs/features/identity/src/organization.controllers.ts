import {
  Answers,
  ApiKeys,
  Cursors,
  Route,
  fieldsOf,
  idParameter,
  operatorOf,
  personalAnswer,
  principalOf,
} from '@innkeep/platform/http';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CloseOrganization, closeOrganizationBody } from './close-organization/close-organization.command';
import {
  ListOperatorActions,
  listOperatorActionsQuery,
  operatorActionPage,
} from './list-operator-actions/list-operator-actions.query';
import {
  OpenSupportAccess,
  openSupportAccessBody,
  supportAccessAnswer,
} from './open-support-access/open-support-access.command';
import { askingFrom } from './origin';
import {
  SetOrganizationStatus,
  operatedOrganizationAnswer,
  setOrganizationStatusBody,
} from './set-organization-status/set-organization-status.command';

@ApiTags('organization')
@Controller('v1/organization')
export class OrganizationController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post('closure')
  @HttpCode(204)
  @Route({
    allow: ['owner'],
    summary: 'Close your organization',
    description:
      'Within five seconds nobody gets in any more, nor does any API key. Nothing is deleted: an operator can open the organization again.',
  })
  async close(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: closeOrganizationBody }) body: z.output<typeof closeOrganizationBody>,
  ) {
    this.answers.committed(reply, 204, await this.commands.execute(new CloseOrganization(askingFrom(request), body)));
  }

  @Get('operator-actions')
  @Route({
    allow: ['owner'],
    summary: 'List what operators did to your organization',
    answer: operatorActionPage,
    description: 'With their reasons, the latest first.',
    fields: fieldsOf(operatorActionPage),
  })
  async listActions(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listOperatorActionsQuery }) query: z.output<typeof listOperatorActionsQuery>,
  ) {
    const principal = principalOf(request);
    const list = `operator actions ${principal.organizationId}`;
    const before = query.cursor ? String(this.cursors.decode(list, query.cursor)[0]) : null;
    const { rows, ...freshness } = await this.queries.execute(
      new ListOperatorActions(principal, before, query.limit + 1, request.minPosition),
    );
    personalAnswer(reply, this.cursors.pageOf(list, rows, query.limit), freshness);
  }
}

/** What operators may do to an organization. */
@ApiTags('system')
@Controller('v1/system/organizations')
export class OperatedOrganizationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly answers: Answers,
    private readonly apiKeys: ApiKeys,
  ) {}

  @Put(':id/status')
  @Route({
    allow: 'operator',
    summary: 'Suspend an organization, or open it again',
    answer: operatedOrganizationAnswer,
    description:
      'Within five seconds nobody gets into a suspended organization. When it is opened again, sessions and API keys go on. Owners see the reason.',
  })
  async setStatus(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) id: number,
    @Body({ schema: setOrganizationStatusBody }) body: z.output<typeof setOrganizationStatusBody>,
  ) {
    const command = new SetOrganizationStatus(operatorOf(request).operatorId, request.id, id, body);
    this.answers.committed(reply, 200, await this.commands.execute(command));
  }

  @Post(':id/support-access')
  @Route({
    allow: 'operator',
    answer: supportAccessAnswer,
    summary: 'Look into an organization for a while',
    description:
      'The answer shows a key this once that reads what an auditor of the organization may read, and ends by itself. Its owners are told by mail, see the reason, and may revoke it like any API key.',
  })
  async openSupportAccess(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) id: number,
    @Body({ schema: openSupportAccessBody }) body: z.output<typeof openSupportAccessBody>,
  ) {
    const { operatorId } = operatorOf(request);
    const command = new OpenSupportAccess(operatorId, request.id, id, body, this.apiKeys.areas);
    this.answers.committed(reply, 201, await this.commands.execute(command));
  }
}
