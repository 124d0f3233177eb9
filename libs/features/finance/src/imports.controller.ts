import {
  Answers,
  BULK_BODY_LIMIT,
  Cursors,
  Route,
  commandContext,
  fieldsOf,
  personalAnswer,
  principalOf,
  propertyIdParameter,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { GetImport } from './get-import/get-import.query';
import { importAnswer, importResult, rowsBody, rowsOfBody, rowsOfFile } from './import';
import { ImportTransactions } from './import-transactions/import-transactions.command';
import { ListImports, importPage, listImportsQuery } from './list-imports/list-imports.query';
import { kind } from './transaction.fields';

const importQuery = z.strictObject({
  kind: kind.describe('What every row is'),
  propertyId: propertyIdParameter,
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true`: says what would become of the rows, and records nothing'),
});

const importBody = z
  .union([rowsBody, z.string().describe('A CSV file')])
  .meta({ example: { rows: [{ date: '2026-03-14', amount: '12.50', description: 'Fresh towels' }] } });

/** Recording files of expenses and revenues. */
@ApiTags('finance')
@Controller('v1/finance/imports')
export class ImportsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiConsumes('application/json', 'text/csv')
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Import expenses or revenues from a CSV file, or from rows',
    description:
      'All rows are recorded, pending, or none is. A row that was recorded before, by the same file or under the same `externalReference`, is known and not recorded again. Up to 5,000 rows and 1 MiB.',
    answer: importResult,
    isKeyRequired: true,
    bodyLimit: BULK_BODY_LIMIT,
    takesCsv: true,
  })
  async import(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: importQuery }) { dryRun, ...into }: z.output<typeof importQuery>,
    @Body({ schema: importBody }) body: z.output<typeof importBody>,
  ) {
    const given = typeof body === 'string' ? rowsOfFile(body) : rowsOfBody(body);
    const asked = { ...into, ...given, isDryRun: dryRun === 'true' };
    this.answers.committed(
      reply,
      200,
      await this.commands.execute(new ImportTransactions(commandContext(request), asked)),
    );
  }

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List the imports, latest first',
    answer: importPage,
    fields: fieldsOf(importPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listImportsQuery }) { cursor, limit }: z.output<typeof listImportsQuery>,
  ) {
    const principal = principalOf(request);
    const list = `imports ${principal.organizationId}`;
    const before = cursor ? String(this.cursors.decode(list, cursor)[0]) : null;
    const query = new ListImports(principal, before, limit + 1, request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, this.cursors.pageOf(list, rows, limit), freshness);
  }

  @Get(':id')
  @Route({ allow: 'signed-in', summary: 'Get an import', answer: importAnswer, fields: fieldsOf(importAnswer) })
  async get(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    const query = new GetImport(principalOf(request), id, request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, rows[0]!.body, freshness);
  }
}
