import { Cursors, Route, assertRange, fieldsOf, personalAnswer, principalOf } from '@innkeep/platform/http';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { GetVerification, verificationAnswer, verificationQuery } from './get-verification/get-verification.query';
import { ListEntries, auditPage, listEntriesQuery } from './list-entries/list-entries.query';

@ApiTags('audit log')
@Controller('v1/audit-log')
export class AuditController {
  constructor(
    private readonly queries: QueryBus,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Route({
    allow: ['owner', 'auditor'],
    summary: 'See what was done in your organization, by whom, and what it was before',
    description:
      'The latest first. Of what happened in properties, that of the ones you see; what concerns the whole organization is for those who see all of them. Personal fields are shown to owners, as `erased` once the person was erased; to others as `withheld`.',
    answer: auditPage,
    fields: fieldsOf(auditPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listEntriesQuery }) query: z.output<typeof listEntriesQuery>,
  ) {
    assertRange(query);
    const principal = principalOf(request);
    const { cursor, limit, ...filter } = query;
    const list = `audit-log ${principal.organizationId} ${JSON.stringify(Object.entries(filter).sort())}`;
    const before = cursor === undefined ? null : Number(this.cursors.decode(list, cursor)[0]);
    const { rows, ...freshness } = await this.queries.execute(
      new ListEntries(principal, query, before, request.minPosition),
    );
    const data = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? this.cursors.encode(list, [data.at(-1)!.version]) : null;
    personalAnswer(reply, { data, nextCursor }, freshness);
  }

  @Get('verification')
  @Route({
    allow: ['owner', 'auditor'],
    summary: 'Get the hash that stands for everything in the audit log up to a version',
    description:
      'Note version and hash where nobody here can change them. As long as the hash of that version is the same, no entry up to it was changed, removed or put in.',
    answer: verificationAnswer,
    fields: fieldsOf(verificationAnswer),
  })
  async verification(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: verificationQuery }) { version }: z.output<typeof verificationQuery>,
  ) {
    const query = new GetVerification(principalOf(request), version ?? null, request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, rows[0]!.body, freshness);
  }
}
