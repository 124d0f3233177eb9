import { systemPrincipal } from '@innkeep/contracts';
import { Cursors, Route, idParameter, operatorOf } from '@innkeep/platform/http';
import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { awaitPurgeQuery } from './await-purge/await-purge';
import { PurgeAnswers, purgeAnswers } from './await-purge/purge-answers.service';
import { ListAllPurges, allPurgesPage, listAllPurgesQuery } from './list-all-purges/list-all-purges.query';
import { RequestPurge, operatorPurgeBody } from './request-purge/request-purge.command';

/** What operators see and do about what is kept of organizations at the edge. */
@ApiTags('system')
@Controller('v1/system/cache')
export class OperatedPurgesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: PurgeAnswers,
    private readonly cursors: Cursors,
  ) {}

  @Post('purge/org/:orgId')
  @HttpCode(202)
  @Route({
    allow: 'operator',
    summary: 'Purge all that is kept of an organization',
    description: 'The reason is written into the log of the organization.',
    ...purgeAnswers,
  })
  async purgeOrganization(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('orgId', { schema: idParameter }) organizationId: number,
    @Body({ schema: operatorPurgeBody }) { reason }: z.output<typeof operatorPurgeBody>,
    @Query({ schema: awaitPurgeQuery }) { wait }: z.output<typeof awaitPurgeQuery>,
  ) {
    const { operatorId } = operatorOf(request);
    const principal = systemPrincipal(organizationId, 'all');
    const command = new RequestPurge(
      { principal, requestId: request.id },
      { kind: 'organization', organizationId },
      { operatorId, reason },
    );
    await this.answers.send(reply, organizationId, await this.commands.execute(command), wait === 'true');
  }

  @Get('purges')
  @Header('cache-control', 'no-store')
  @Route({
    allow: 'operator',
    summary: 'List what was purged of all organizations',
    description: 'The latest first, for a month. Tags hold ids, and nothing else of an organization.',
    answer: allPurgesPage,
  })
  async listPurges(@Query({ schema: listAllPurgesQuery }) query: z.output<typeof listAllPurgesQuery>) {
    const { organizationId, provider, limit, cursor } = query;
    const list = `all purges ${organizationId ?? ''} ${provider ?? ''}`;
    const [at, id] = cursor ? (this.cursors.decode(list, cursor) as [string, string]) : [];
    const after = at && id ? { at, id } : undefined;
    const wanted = { organizationId, provider, after, limit: limit + 1 };
    const found = await this.queries.execute(new ListAllPurges(wanted));
    const rows = found.slice(0, limit);
    const last = found.length > limit ? rows.at(-1) : undefined;
    const nextCursor = last ? this.cursors.encode(list, [last.at, last.body.id]) : null;
    return { data: rows.map(({ body }) => body), nextCursor };
  }
}
