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
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AddTax, addTaxBody } from './add-tax/add-tax.command';
import type { TaxInput } from './tax';
import { taxRuleAnswer } from './finance-rules.answers';
import { ListTaxes, taxPage, listTaxesQuery } from './list-taxes/list-taxes.query';
import { RemoveTax } from './remove-tax/remove-tax.command';

/** The taxes of an organization. */
@ApiTags('finance')
@Controller('v1/finance/taxes')
export class TaxesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Lay down a tax',
    description:
      'Of those in force on the business day of a transaction the one that names its property, then its category, then its kind is used. What was recorded before is not touched.',
    answer: taxRuleAnswer,
  })
  async add(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body({ schema: addTaxBody }) body: TaxInput) {
    this.answers.committed(reply, 201, await this.commands.execute(new AddTax(commandContext(request), body)));
  }

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List the taxes',
    answer: taxPage,
    fields: fieldsOf(taxPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listTaxesQuery }) { cursor, limit }: z.output<typeof listTaxesQuery>,
  ) {
    const principal = principalOf(request);
    const list = `taxes ${principal.organizationId}`;
    const after = cursor ? String(this.cursors.decode(list, cursor)[0]) : null;
    const query = new ListTaxes(principal, after, limit + 1, request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, this.cursors.pageOf(list, rows, limit), freshness);
  }

  @Delete(':id')
  @HttpCode(204)
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Remove a tax',
    description: 'What was recorded keeps its tax.',
  })
  async remove(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    this.answers.committed(reply, 204, await this.commands.execute(new RemoveTax(commandContext(request), id)));
  }
}
