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
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { InviteUser, invitationAnswer, inviteUserBody } from './invite-user/invite-user.command';
import { ListInvitations, invitationPage, listInvitationsQuery } from './list-invitations/list-invitations.query';
import { WithdrawInvitation } from './withdraw-invitation/withdraw-invitation.command';

/** Who is asked into the organization. */
@ApiTags('users')
@Controller('v1/users/invitations')
export class InvitationsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @Route({
    allow: ['owner'],
    summary: 'Invite somebody to the organization',
    answer: invitationAnswer,
    isKeyUnused: true,
    description:
      'The answer shows the invitation token this once: no mail is sent, so hand it to the invited person, who accepts it with `POST /v1/auth/invitations/{token}` within 7 days. Inviting the same address again replaces the invitation, so no Idempotency-Key is needed and none is kept.',
  })
  async invite(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: inviteUserBody }) body: z.output<typeof inviteUserBody>,
  ) {
    const committed = await this.commands.execute(new InviteUser(commandContext(request), body));
    this.answers.committed(reply, 201, committed);
  }

  @Get()
  @Route({
    allow: ['owner'],
    summary: 'List the invitations that nobody has accepted',
    answer: invitationPage,
    description: 'The latest first. One that has expired is listed for 30 days more.',
    fields: fieldsOf(invitationPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listInvitationsQuery }) query: z.output<typeof listInvitationsQuery>,
  ) {
    const principal = principalOf(request);
    const list = `invitations ${principal.organizationId}`;
    const before = query.cursor ? String(this.cursors.decode(list, query.cursor)[0]) : null;
    const { rows, ...freshness } = await this.queries.execute(
      new ListInvitations(principal, before, query.limit + 1, request.minPosition),
    );
    personalAnswer(reply, this.cursors.pageOf(list, rows, query.limit), freshness);
  }

  @Post(':id/withdrawal')
  @HttpCode(204)
  @Route({
    allow: ['owner'],
    summary: 'Withdraw an invitation',
    description: 'Its token is worth nothing from then on, and it does not count among the users of the plan.',
  })
  async withdraw(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    this.answers.committed(
      reply,
      204,
      await this.commands.execute(new WithdrawInvitation(commandContext(request), id)),
    );
  }
}
