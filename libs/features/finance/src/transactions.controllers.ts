import { BULK_BODY_LIMIT, Route, fieldsOf, uuidParameter } from '@innkeep/platform/http';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { changeTransactionBody } from './change-transaction/change-transaction.command';
import { decideApprovalBody } from './decide-approval/decide-approval.command';
import {
  type TransactionFilter,
  listTransactionsQuery,
  transactionPage,
} from './list-transactions/list-transactions.query';
import { recordTransactionBody } from './record-transaction/record-transaction.command';
import { bulkAnswer, bulkBody } from './record-transactions-in-bulk/record-transactions-in-bulk.command';
import { reverseTransactionBody } from './reverse-transaction/reverse-transaction.command';
import { transactionAnswer } from './transaction.answers';
import type { Decision, TransactionChanges, TransactionInput, TransactionKind } from './transaction';
import { TransactionRoutes, transactionsCache } from './transactions.routes';

interface Wording {
  readonly one: string;
  readonly many: string;
  /** The class, which operations of the API's document are called by. */
  readonly name: string;
}

/** The routes of one kind: the same for both, but for the words. */
function controllerOf(kind: TransactionKind, { one, many, name }: Wording) {
  @ApiTags('finance')
  @Controller(`v1/finance/${many}`)
  class TransactionsController {
    constructor(private readonly routes: TransactionRoutes) {}

    @Post()
    @Route({
      allow: ['owner', 'manager', 'staff'],
      summary: `Record ${one}`,
      answer: transactionAnswer,
      isVersioned: true,
      isKeyRequired: true,
    })
    record(
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
      @Body({ schema: recordTransactionBody }) body: TransactionInput,
    ) {
      return this.routes.record(kind, request, reply, body);
    }

    @Post('bulk')
    @HttpCode(200)
    @Route({
      allow: ['owner', 'manager', 'staff'],
      summary: `Record up to 1,000 ${many} at once`,
      answer: bulkAnswer,
      description:
        'Each item is judged on its own: valid ones are recorded, known external references are returned as they stand, invalid ones are reported.',
      isKeyRequired: true,
      bodyLimit: BULK_BODY_LIMIT,
    })
    recordInBulk(
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
      @Body({ schema: bulkBody }) body: z.output<typeof bulkBody>,
    ) {
      return this.routes.recordInBulk(kind, request, reply, body.items);
    }

    @Get()
    @Route({
      allow: 'signed-in',
      summary: `List ${many}, newest first`,
      answer: transactionPage,
      cache: transactionsCache[kind],
      fields: fieldsOf(transactionPage),
    })
    list(
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
      @Query({ schema: listTransactionsQuery }) query: TransactionFilter,
    ) {
      return this.routes.list(kind, request, reply, query);
    }

    @Get(':id')
    @Route({
      allow: 'signed-in',
      summary: `Get ${one}`,
      answer: transactionAnswer,
      isVersioned: true,
      fields: fieldsOf(transactionAnswer),
    })
    get(
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
      @Param('id', { schema: uuidParameter }) id: string,
    ) {
      return this.routes.get(kind, request, reply, id);
    }

    @Patch(':id')
    @Route({
      allow: ['owner', 'manager', 'staff'],
      summary: `Change a pending ${kind}`,
      answer: transactionAnswer,
      isVersioned: true,
      takesIfMatch: true,
      description: 'With If-Match, only if it is still the version you read.',
    })
    change(
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
      @Param('id', { schema: uuidParameter }) id: string,
      @Body({ schema: changeTransactionBody }) body: TransactionChanges,
    ) {
      return this.routes.change(kind, request, reply, id, body);
    }

    @Delete(':id')
    @HttpCode(204)
    @Route({ allow: ['owner', 'manager', 'staff'], summary: `Delete a pending ${kind}`, takesIfMatch: true })
    delete(
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
      @Param('id', { schema: uuidParameter }) id: string,
    ) {
      return this.routes.delete(kind, request, reply, id);
    }

    @Put(':id/approval')
    @Route({
      allow: ['owner', 'manager'],
      summary: `Approve or reject a pending ${kind}`,
      answer: transactionAnswer,
      takesIfMatch: true,
      description: 'Not one you recorded yourself, unless you are an owner.',
    })
    decide(
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
      @Param('id', { schema: uuidParameter }) id: string,
      @Body({ schema: decideApprovalBody }) body: Decision,
    ) {
      return this.routes.decide(kind, request, reply, id, body);
    }

    @Post(':id/reversal')
    @Route({
      allow: ['owner', 'manager'],
      summary: `Reverse an approved ${kind}`,
      answer: transactionAnswer,
      takesIfMatch: true,
      description: 'Records another one with the opposite amount; the approved one is never edited.',
    })
    reverse(
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
      @Param('id', { schema: uuidParameter }) id: string,
      @Body({ schema: reverseTransactionBody }) body: z.output<typeof reverseTransactionBody>,
    ) {
      return this.routes.reverse(kind, request, reply, id, body);
    }
  }

  Object.defineProperty(TransactionsController, 'name', { value: name });
  return TransactionsController;
}

/** `/v1/finance/expenses`. */
export const ExpensesController = controllerOf('expense', {
  one: 'an expense',
  many: 'expenses',
  name: 'ExpensesController',
});

/** `/v1/finance/revenues`. */
export const RevenuesController = controllerOf('revenue', {
  one: 'a revenue',
  many: 'revenues',
  name: 'RevenuesController',
});
