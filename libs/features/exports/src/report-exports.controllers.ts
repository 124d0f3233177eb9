import type { ReportFormat } from '@innkeep/contracts';
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
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DownloadLinks } from './download-links';
import { LINK_SECONDS } from './export';
import { exportLinkInvalid } from './exports.problems';
import { GetFile, type ReportFile } from './get-file/get-file.query';
import { GetReportExport } from './get-report-export/get-report-export.query';
import { linkAnswer } from './issue-link/issue-link.command';
import { IssueReportLink } from './issue-report-link/issue-report-link.command';
import { listExportsQuery } from './list-exports/list-exports.query';
import { ListReportExports, reportExportPage } from './list-report-exports/list-report-exports.query';
import { reportExportAnswer, reportRequest } from './report-export';
import { RequestReport } from './request-report/request-report.command';
import { fileQuery, sendFile } from './send-file';

const reportFileAnswer = z.string().meta({ example: '(a file)' });

const mediaTypes: Readonly<Record<ReportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
};

/** What a file is called where it is saved: it says what it shows, and as of which position. */
const fileName = ({ report, propertyId, from, to, position, format }: ReportFile): string =>
  `${report}-${propertyId}-${from}-${to}-position-${position}.${format}`;

const allow = ['owner', 'manager', 'auditor'] as const;

/** Reports as files. */
@ApiTags('exports')
@Controller('v1/exports')
export class ReportExportsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post('reports')
  @HttpCode(202)
  @Route({
    allow,
    summary: 'Ask for a report of a property as a file',
    description:
      'It is made in the background, from the state of one moment; the live stream tells how far it is. The file is there for 24 hours.',
    answer: reportExportAnswer,
  })
  async request(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: reportRequest }) body: z.output<typeof reportRequest>,
  ) {
    const committed = await this.commands.execute(new RequestReport(commandContext(request), body));
    this.answers.committed(reply, 202, committed);
  }

  @Get()
  @Route({
    allow,
    summary: 'List the reports that you have asked for as files',
    description: 'Those of the last 30 days, the latest first.',
    answer: reportExportPage,
    fields: fieldsOf(reportExportPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listExportsQuery }) query: z.output<typeof listExportsQuery>,
  ) {
    const principal = principalOf(request);
    const list = `report-exports ${principal.organizationId} ${principal.userId}`;
    const before = query.cursor ? String(this.cursors.decode(list, query.cursor)[0]) : null;
    const { rows, ...freshness } = await this.queries.execute(
      new ListReportExports(principal, before, query.limit + 1, request.minPosition),
    );
    personalAnswer(reply, this.cursors.pageOf(list, rows, query.limit), freshness);
  }

  @Get(':id')
  @Route({
    allow,
    summary: 'See how far the file of a report is',
    answer: reportExportAnswer,
    fields: fieldsOf(reportExportAnswer),
  })
  async get(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    const query = new GetReportExport(principalOf(request), id, request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, rows[0]!.body, freshness);
  }
}

/** Links to the files, and what they lead to. */
@ApiTags('exports')
@Controller('v1/exports/:id')
export class ReportFilesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly links: DownloadLinks,
    private readonly storage: FileStorage,
  ) {}

  @Post('links')
  @Route({
    allow,
    summary: 'Get a link to the file of a report',
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
    const link = { url: `/v1/exports/${id}/file?token=${token}`, expiresAt: new Date(expiresAt).toISOString() };
    this.answers.committed(reply, 201, await this.commands.execute(new IssueReportLink(context, id, link)));
  }

  @Get('file')
  @Route({
    allow: 'public',
    summary: 'Download the file of a report',
    limits: 'file',
    description:
      'By the token of the link alone, whole or the part that a `Range` asks for: CSV in UTF-8, a workbook (XLSX) or a PDF.',
    answer: reportFileAnswer,
    otherAnswers: { 206: reportFileAnswer.describe('The part that a Range asks for') },
    mediaTypes: Object.values(mediaTypes).map((mediaType) => mediaType.split(';', 1)[0]!),
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
    if (!linked?.report) throw exportLinkInvalid();
    const { name, report } = linked;
    const file = { id, name, fileName: fileName(report), mediaType: mediaTypes[report.format] };
    await sendFile(request, reply, this.storage, file);
    request.log.info({ exportId: id, ...grant.principal }, 'report downloaded');
  }
}
