import {
  type Tag,
  type Principal,
  cacheFamilies,
  maySeeProperty,
  organizationTags,
  propertyTags,
  tags,
} from '@innkeep/contracts';
import {
  Answers,
  Cursors,
  commandContext,
  ifMatchVersion,
  notFound,
  principalOf,
  assertRange,
  cached,
} from '@innkeep/platform/http';
import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ChangeTransaction } from './change-transaction/change-transaction.command';
import { DecideApproval } from './decide-approval/decide-approval.command';
import { DeleteTransaction } from './delete-transaction/delete-transaction.command';
import { GetTransaction } from './get-transaction/get-transaction.query';
import { ListTransactions, type TransactionFilter } from './list-transactions/list-transactions.query';
import { RecordTransaction } from './record-transaction/record-transaction.command';
import { RecordTransactionsInBulk } from './record-transactions-in-bulk/record-transactions-in-bulk.command';
import { ReverseTransaction, type reverseTransactionBody } from './reverse-transaction/reverse-transaction.command';
import type { Decision, TransactionChanges, TransactionInput, TransactionKind } from './transaction';

/** What the routes of expenses and those of revenues do alike: parse, dispatch, answer. */
@Injectable()
export class TransactionRoutes {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  async record(
    kind: TransactionKind,
    request: FastifyRequest,
    reply: FastifyReply,
    input: TransactionInput,
  ): Promise<void> {
    const committed = await this.commands.execute(new RecordTransaction(commandContext(request), kind, input));
    this.answers.committed(reply, 201, committed, { etag: `"${committed.version}"` });
  }

  async recordInBulk(
    kind: TransactionKind,
    request: FastifyRequest,
    reply: FastifyReply,
    items: readonly unknown[],
  ): Promise<void> {
    this.answers.committed(
      reply,
      200,
      await this.commands.execute(new RecordTransactionsInBulk(commandContext(request), kind, items)),
    );
  }

  async list(
    kind: TransactionKind,
    request: FastifyRequest,
    reply: FastifyReply,
    filter: TransactionFilter,
  ): Promise<void> {
    assertRange(filter);
    const principal = principalOf(request);
    if (filter.propertyId !== undefined && !maySeeProperty(principal, filter.propertyId)) throw notFound('property');
    const { cursor, limit: _limit, ...rest } = filter;
    const list = JSON.stringify([kind, principal.organizationId, rest]);
    const before = cursor === undefined ? undefined : (this.cursors.decode(list, cursor) as [string, string]);
    const answerTags = transactionsCache[kind].tags(principal, filter);
    const { rows, ...freshness } = await this.queries.execute(
      new ListTransactions(principal, kind, filter, before, request.minPosition, answerTags),
    );
    const page = rows[0]!;
    if (!page.isKnown) throw notFound('property');
    const data = page.data.slice(0, filter.limit);
    const last = page.data.length > filter.limit ? data.at(-1) : undefined;
    const nextCursor = last ? this.cursors.encode(list, [last.occurredAt, last.id]) : null;
    this.answers.read(request, reply, {
      body: { data, nextCursor },
      freshness,
      tags: answerTags,
      shape: 'transactions.2',
    });
  }

  async get(kind: TransactionKind, request: FastifyRequest, reply: FastifyReply, id: string): Promise<void> {
    const { rows, ...freshness } = await this.queries.execute(
      new GetTransaction(principalOf(request), kind, id, request.minPosition),
    );
    this.answers.item(request, reply, rows[0]!, freshness);
  }

  async change(
    kind: TransactionKind,
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    changes: TransactionChanges,
  ): Promise<void> {
    const committed = await this.commands.execute(
      new ChangeTransaction(commandContext(request), kind, id, changes, ifMatchVersion(request)),
    );
    this.answers.committed(reply, 200, committed, { etag: `"${committed.version}"` });
  }

  async delete(kind: TransactionKind, request: FastifyRequest, reply: FastifyReply, id: string): Promise<void> {
    this.answers.committed(
      reply,
      204,
      await this.commands.execute(new DeleteTransaction(commandContext(request), kind, id, ifMatchVersion(request))),
    );
  }

  async decide(
    kind: TransactionKind,
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    decision: Decision,
  ): Promise<void> {
    this.answers.committed(
      reply,
      200,
      await this.commands.execute(
        new DecideApproval(commandContext(request), kind, id, decision, ifMatchVersion(request)),
      ),
    );
  }

  async reverse(
    kind: TransactionKind,
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    input: z.output<typeof reverseTransactionBody>,
  ): Promise<void> {
    this.answers.committed(
      reply,
      201,
      await this.commands.execute(
        new ReverseTransaction(commandContext(request), kind, id, input, ifMatchVersion(request)),
      ),
    );
  }
}

const listCache = (kind: TransactionKind) =>
  cached({
    family: cacheFamilies.finance,
    tags: (principal, { propertyId }: { readonly propertyId?: number }) => listTags(principal, kind, propertyId),
  });

/** How the lists of both kinds are kept. */
export const transactionsCache = { expense: listCache('expense'), revenue: listCache('revenue') };

function listTags({ organizationId }: Principal, kind: TransactionKind, propertyId: number | undefined): Tag[] {
  // Names of properties are in the list: a list over all properties changes when any of them is renamed.
  if (propertyId === undefined)
    return organizationTags(organizationId, [
      tags.organizationFinance(organizationId),
      tags.organizationProperties(organizationId),
    ]);
  return propertyTags(organizationId, propertyId, [
    tags.propertyFinance(propertyId),
    tags.financeList(kind, propertyId),
  ]);
}
