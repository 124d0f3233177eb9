import { FileStorage } from '@innkeep/platform/files';
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
import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DownloadLinks } from './download-links';
import { LINK_SECONDS, exportAnswer } from './export';
import { exportLinkInvalid } from './exports.problems';
import { GetExport } from './get-export/get-export.query';
import { GetFile } from './get-file/get-file.query';
import { IssueLink, linkAnswer } from './issue-link/issue-link.command';
import { ListExports, exportPage, listExportsQuery } from './list-exports/list-exports.query';
import { RequestExport } from './request-export/request-export.command';
import { fileQuery, sendFile } from './send-file';

const archiveAnswer = z.string().meta({ example: '(a gzip file)', contentMediaType: 'application/gzip' });

@ApiTags('organization')
@Controller('v1/organization/exports')
export class ExportsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @HttpCode(202)
  @Route({
    allow: ['owner'],
    summary: 'Ask for everything of your organization as files',
    description:
      'It is made in the background. One at a time: while an export is under way, asking for one answers that one. The file is there for 24 hours.',
    answer: exportAnswer,
  })
  async request(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const committed = await this.commands.execute(new RequestExport(commandContext(request)));
    this.answers.committed(reply, 202, committed);
  }

  @Get()
  @Route({
    allow: ['owner'],
    summary: 'List the exports of your organization',
    description: 'Those of the last 30 days, the latest first.',
    answer: exportPage,
    fields: fieldsOf(exportPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listExportsQuery }) query: z.output<typeof listExportsQuery>,
  ) {
    const principal = principalOf(request);
    const list = `exports ${principal.organizationId}`;
    const before = query.cursor ? String(this.cursors.decode(list, query.cursor)[0]) : null;
    const { rows, ...freshness } = await this.queries.execute(
      new ListExports(principal, before, query.limit + 1, request.minPosition),
    );
    personalAnswer(reply, this.cursors.pageOf(list, rows, query.limit), freshness);
  }

  @Get(':id')
  @Route({
    allow: ['owner'],
    summary: 'See how far an export is',
    answer: exportAnswer,
    fields: fieldsOf(exportAnswer),
  })
  async get(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    const query = new GetExport(principalOf(request), id, request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, rows[0]!.body, freshness);
  }
}

/** Links to the files, and what they lead to. */
@ApiTags('organization')
@Controller('v1/organization/exports/:id')
export class ExportFilesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly links: DownloadLinks,
    private readonly storage: FileStorage,
  ) {}

  @Post('links')
  @Route({
    allow: ['owner'],
    summary: 'Get a link to the file of an export',
    description:
      'It is good for an hour, and ends before with the session or the rights of whoever got it. Each issue is in the log.',
    answer: linkAnswer,
    limits: 'signed-url',
    isKeyUnused: true,
  })
  async link(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    const context = commandContext(request);
    const expiresAt = Date.now() + LINK_SECONDS * 1_000;
    const token = await this.links.sign({ principal: context.principal, exportId: id }, new Date(expiresAt));
    const link = {
      url: `/v1/organization/exports/${id}/file?token=${token}`,
      expiresAt: new Date(expiresAt).toISOString(),
    };
    this.answers.committed(reply, 201, await this.commands.execute(new IssueLink(context, id, link)));
  }

  @Get('file')
  @Route({
    allow: 'public',
    summary: 'Download the file of an export',
    limits: 'file',
    description:
      'By the token of the link alone, whole or the part that a `Range` asks for. A tar archive, compressed with gzip: each table as NDJSON and as CSV, and a `manifest.json` with counts and checksums.',
    answer: archiveAnswer,
    otherAnswers: { 206: archiveAnswer.describe('The part that a Range asks for') },
    mediaTypes: ['application/gzip'],
  })
  async download(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Query({ schema: fileQuery }) { token }: z.output<typeof fileQuery>,
  ) {
    const grant = await this.links.verify(token);
    if (grant?.exportId !== id) throw exportLinkInvalid();
    const linked = await this.queries.execute(new GetFile(grant));
    if (!linked || linked.report) throw exportLinkInvalid();
    const fileName = `innkeep-export-${id}.tar.gz`;
    await sendFile(request, reply, this.storage, { id, name: linked.name, fileName, mediaType: 'application/gzip' });
    request.log.info({ exportId: id, ...grant.principal }, 'export downloaded');
  }
}
