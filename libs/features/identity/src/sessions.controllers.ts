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
import { Controller, Delete, Get, HttpCode, Param, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { EndOtherSessions } from './end-other-sessions/end-other-sessions.command';
import { EndSession } from './end-session/end-session.command';
import { ListSessions, listSessionsQuery, sessionPage } from './list-sessions/list-sessions.query';

@ApiTags('account')
@Controller('v1/auth/sessions')
export class SessionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List your sessions',
    answer: sessionPage,
    description: 'Where you are signed in, the latest first. `lastUsedAt` is when the session was last refreshed.',
    fields: fieldsOf(sessionPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listSessionsQuery }) query: z.output<typeof listSessionsQuery>,
  ) {
    const principal = principalOf(request);
    const list = `sessions ${principal.organizationId} ${principal.userId}`;
    const before = query.cursor ? String(this.cursors.decode(list, query.cursor)[0]) : null;
    const { rows, ...freshness } = await this.queries.execute(
      new ListSessions(principal, before, query.limit + 1, request.minPosition),
    );
    personalAnswer(reply, this.cursors.pageOf(list, rows, query.limit), freshness);
  }

  @Delete(':id')
  @HttpCode(204)
  @Route({
    allow: 'signed-in',
    summary: 'End one of your sessions',
    description: 'Its refresh tokens stop working at once, its access tokens within five seconds.',
  })
  async end(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    this.answers.committed(reply, 204, await this.commands.execute(new EndSession(commandContext(request), id)));
  }

  @Delete()
  @HttpCode(204)
  @Route({ allow: 'signed-in', summary: 'End all your sessions but this one' })
  async endOthers(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    this.answers.committed(reply, 204, await this.commands.execute(new EndOtherSessions(commandContext(request))));
  }
}
