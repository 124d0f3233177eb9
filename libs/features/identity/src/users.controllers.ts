import {
  Answers,
  Cursors,
  Route,
  commandContext,
  fieldsOf,
  idParameter,
  ifMatchVersion,
  personalAnswer,
  principalOf,
} from '@innkeep/platform/http';
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { EraseUser, erasureAnswer } from './erase-user/erase-user.command';
import { GetMyProperties, myPropertiesAnswer } from './get-my-properties/get-my-properties.query';
import { ListUsers, listUsersQuery, userPage } from './list-users/list-users.query';
import { UpdateUser, updateUserBody, userRightsAnswer } from './update-user/update-user.command';

@ApiTags('users')
@Controller('v1/users')
export class UsersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Route({
    allow: ['owner', 'manager'],
    summary: 'List the users of the organization',
    answer: userPage,
    fields: fieldsOf(userPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listUsersQuery }) query: z.output<typeof listUsersQuery>,
  ) {
    const principal = principalOf(request);
    const list = `users ${principal.organizationId}`;
    const after = query.cursor ? Number(this.cursors.decode(list, query.cursor)[0]) : 0;
    const { rows, ...freshness } = await this.queries.execute(
      new ListUsers(principal, after, query.limit + 1, request.minPosition),
    );
    personalAnswer(reply, this.cursors.pageOf(list, rows, query.limit), freshness);
  }

  @Get('properties')
  @Route({
    allow: 'signed-in',
    summary: 'Which properties you look after',
    answer: myPropertiesAnswer,
    description: '`properties` is "all" or a list of ids. `GET /v1/properties` shows the same properties in full.',
    fields: fieldsOf(myPropertiesAnswer),
  })
  async properties(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const query = new GetMyProperties(principalOf(request), request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, rows[0]!.body, freshness);
  }

  @Post(':id/erasure')
  @HttpCode(200)
  @Route({
    allow: ['owner'],
    summary: 'Erase a user',
    answer: erasureAnswer,
    description:
      'Ends the user’s sign-in and all sessions, and erases name and email address, in the event log too. Cannot be undone. What the user has recorded stays, under an id that names nobody. The address may sign up again. Erasing a user again answers the same.',
  })
  async erase(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) id: number,
  ) {
    const committed = await this.commands.execute(new EraseUser(commandContext(request), id));
    this.answers.committed(reply, 200, committed);
  }

  @Patch(':id')
  @Route({
    allow: ['owner'],
    summary: 'Change what a user may do',
    answer: userRightsAnswer,
    isVersioned: true,
    takesIfMatch: true,
    description:
      'Role, properties, or whether the user may sign in at all. It counts within five seconds, whatever access tokens are out. With If-Match, only if it is still the version you know.',
  })
  async update(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) id: number,
    @Body({ schema: updateUserBody }) body: z.output<typeof updateUserBody>,
  ) {
    const command = new UpdateUser(commandContext(request), id, body, ifMatchVersion(request));
    const committed = await this.commands.execute(command);
    this.answers.committed(reply, 200, committed, { etag: `"${committed.version}"` });
  }
}
