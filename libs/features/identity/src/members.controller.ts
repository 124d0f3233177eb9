import { Cursors, Route, fieldsOf, personalAnswer, principalOf } from '@innkeep/platform/http';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ListMembers, listMembersQuery, memberPage } from './list-members/list-members.query';

@ApiTags('users')
@Controller('v1/members')
export class MembersController {
  constructor(
    private readonly queries: QueryBus,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List the members of the organization by name',
    answer: memberPage,
    description:
      'For the names behind user ids, such as `recordedBy`. A user who was erased stays, with `erasedAt` and the name `erased`. `name` is null for users who were added before names were recorded. `position` is the version of your organization that is in it, `asOf` when it was read.',
    fields: fieldsOf(memberPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listMembersQuery }) query: z.output<typeof listMembersQuery>,
  ) {
    const principal = principalOf(request);
    const list = `members ${principal.organizationId}`;
    const after = query.cursor ? Number(this.cursors.decode(list, query.cursor)[0]) : 0;
    const asOf = new Date();
    const { rows, ...freshness } = await this.queries.execute(
      new ListMembers(principal, after, query.limit + 1, request.minPosition),
    );
    const page = this.cursors.pageOf(list, rows, query.limit);
    personalAnswer(reply, { ...page, position: freshness.position, asOf }, freshness);
  }
}
