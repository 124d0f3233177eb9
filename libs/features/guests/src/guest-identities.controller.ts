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
import { EraseGuest, guestErasureAnswer } from './erase-guest/erase-guest.command';
import { identityAnswer } from './identity';
import {
  ListIdentityTrail,
  identityTrailPage,
  identityTrailQuery,
} from './list-identity-trail/list-identity-trail.query';
import { ViewIdentity, viewIdentityBody } from './view-identity/view-identity.command';

/** Who guests are: who may know it, who was told, and when it is forgotten. */
@ApiTags('guests')
@Controller('v1/guest-checkin/:id')
export class GuestIdentitiesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post('identity-views')
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Be shown what the document of a guest says',
    answer: identityAnswer,
    description:
      'Each time is noted with your purpose, for as long as the organization is. No Idempotency-Key is kept, since its record would hold the identity.',
    isKeyUnused: true,
  })
  async view(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: viewIdentityBody }) { purpose }: z.output<typeof viewIdentityBody>,
  ) {
    const committed = await this.commands.execute(new ViewIdentity(commandContext(request), id, purpose));
    this.answers.committed(reply, 201, committed);
  }

  @Get('identity-trail')
  @Route({
    allow: ['owner', 'auditor'],
    summary: 'List what became of the identity of a guest and who was shown it',
    answer: identityTrailPage,
    fields: fieldsOf(identityTrailPage),
  })
  async trail(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Query({ schema: identityTrailQuery }) { cursor, limit }: z.output<typeof identityTrailQuery>,
  ) {
    const principal = principalOf(request);
    const list = `identity-trail ${principal.organizationId} ${id}`;
    const after = cursor === undefined ? undefined : String(this.cursors.decode(list, cursor)[0]);
    const { rows, ...freshness } = await this.queries.execute(
      new ListIdentityTrail(principal, id, after, limit + 1, request.minPosition),
    );
    personalAnswer(reply, this.cursors.pageOf(list, rows[0]!.entries, limit), freshness);
  }

  @Post('erasure')
  @HttpCode(200)
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Erase a guest',
    answer: guestErasureAnswer,
    description:
      'For who asks to be forgotten. Name, contact and identity are gone, from the event log too; the stay goes on counting without a word of who it was. Cannot be undone.',
  })
  async erase(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    this.answers.committed(reply, 200, await this.commands.execute(new EraseGuest(commandContext(request), id)));
  }
}
