import {
  Cursors,
  Route,
  commandContext,
  fieldsOf,
  idParameter,
  notFound,
  personalAnswer,
  principalOf,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { awaitPurgeQuery } from './await-purge/await-purge';
import { PurgeAnswers, purgeAnswers } from './await-purge/purge-answers.service';
import { GetCdnStatus, cdnStatusAnswer } from './get-cdn-status/get-cdn-status.query';
import { ListPurges, listPurgesQuery, purgePage } from './list-purges/list-purges.query';
import { purgeReceipt } from './list-purges/receipt';
import { type PurgeTarget, RequestPurge, purgeKeysBody } from './request-purge/request-purge.command';

const whenDone = 'What is in memory goes within a second, what is at the edge within some; the receipts tell when.';

/** What owners see and do about what is kept of their organization at the edge. */
@ApiTags('cache')
@Controller('v1/cache')
export class PurgesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: PurgeAnswers,
    private readonly cursors: Cursors,
  ) {}

  @Post('purge')
  @HttpCode(202)
  @Route({ allow: ['owner'], summary: 'Purge cache tags', description: whenDone, ...purgeAnswers })
  async purgeKeys(
    @Res() reply: FastifyReply,
    @Body({ schema: purgeKeysBody }) { keys }: z.output<typeof purgeKeysBody>,
    @Query({ schema: awaitPurgeQuery }) waiting: z.output<typeof awaitPurgeQuery>,
  ) {
    await this.purge(reply, { kind: 'keys', keys }, waiting);
  }

  @Post('purge/org/:orgId')
  @HttpCode(202)
  @Route({
    allow: ['owner'],
    summary: 'Purge all that is kept of your organization',
    description: whenDone,
    ...purgeAnswers,
  })
  async purgeOrganization(
    @Res() reply: FastifyReply,
    @Param('orgId', { schema: idParameter }) organizationId: number,
    @Query({ schema: awaitPurgeQuery }) waiting: z.output<typeof awaitPurgeQuery>,
  ) {
    await this.purge(reply, { kind: 'organization', organizationId }, waiting);
  }

  @Post('purge/property/:propertyId')
  @HttpCode(202)
  @Route({
    allow: ['owner'],
    summary: 'Purge all that is kept of a property',
    description: whenDone,
    ...purgeAnswers,
  })
  async purgeProperty(
    @Res() reply: FastifyReply,
    @Param('propertyId', { schema: idParameter }) propertyId: number,
    @Query({ schema: awaitPurgeQuery }) waiting: z.output<typeof awaitPurgeQuery>,
  ) {
    await this.purge(reply, { kind: 'property', propertyId }, waiting);
  }

  @Get('purges')
  @Route({
    allow: ['owner'],
    summary: 'List what was purged of your organization',
    description: 'The latest first, for a month.',
    answer: purgePage,
    fields: fieldsOf(purgePage),
  })
  async listPurges(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listPurgesQuery }) query: z.output<typeof listPurgesQuery>,
  ) {
    const principal = principalOf(request);
    const list = `purges ${principal.organizationId}`;
    const before = query.cursor ? String(this.cursors.decode(list, query.cursor)[0]) : undefined;
    const { rows, ...freshness } = await this.queries.execute(
      new ListPurges(principal, { before, limit: query.limit + 1 }, request.minPosition),
    );
    personalAnswer(reply, this.cursors.pageOf(list, rows, query.limit), freshness);
  }

  @Get('purges/:id')
  @Route({
    allow: ['owner'],
    summary: 'Get the receipt of a purge',
    answer: purgeReceipt,
    fields: fieldsOf(purgeReceipt),
  })
  async getPurge(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    const { rows, ...freshness } = await this.queries.execute(
      new ListPurges(principalOf(request), { id, limit: 1 }, request.minPosition),
    );
    if (!rows[0]) throw notFound('purge');
    personalAnswer(reply, rows[0].body, freshness);
  }

  @Get('cdn/status')
  @Route({
    allow: ['owner'],
    summary: 'How the CDNs in front are doing',
    description: 'And how long answers may be kept there by now: something that is wrong shortens it for all.',
    answer: cdnStatusAnswer,
  })
  async status(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { rows, ...freshness } = await this.queries.execute(
      new GetCdnStatus(principalOf(request), request.minPosition),
    );
    personalAnswer(reply, rows[0]!, freshness);
  }

  private async purge(reply: FastifyReply, target: PurgeTarget, { wait }: z.output<typeof awaitPurgeQuery>) {
    const { request } = reply;
    const committed = await this.commands.execute(new RequestPurge(commandContext(request), target));
    await this.answers.send(reply, principalOf(request).organizationId, committed, wait === 'true');
  }
}
