import {
  type Principal,
  type Tag,
  cacheFamilies,
  maySeeProperty,
  organizationTags,
  propertyTags,
  tags,
} from '@innkeep/contracts';
import { Answers, Cursors, Route, cached, fieldsOf, notFound, principalOf } from '@innkeep/platform/http';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  ListPendingApprovals,
  pendingApprovalsPage,
  pendingApprovalsQuery,
} from './list-pending-approvals/list-pending-approvals.query';
import { ListTodayPending, todayPendingPage, todayPendingQuery } from './list-today-pending/list-today-pending.query';

const freshnessNote = '`position` is the version of your organization that is in it, `asOf` when it was read.';

const pendingCache = cached({
  family: cacheFamilies.finance,
  tags: (principal, { propertyId }: { readonly propertyId?: number }) => pendingTags(principal, propertyId),
});

const todayCache = cached({
  family: cacheFamilies.dashboard,
  tags: (principal, { propertyId }: { readonly propertyId: number }) => pendingTags(principal, propertyId),
  isTimed: true,
});

@ApiTags('finance')
@Controller('v1/finance')
export class PendingApprovalsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Get('pending-approvals')
  @Route({
    allow: 'signed-in',
    summary: 'List what waits to be approved, longest waiting first',
    answer: pendingApprovalsPage,
    description: `Expenses and revenues of the properties that you see. ${freshnessNote}`,
    cache: pendingCache,
    fields: fieldsOf(pendingApprovalsPage),
  })
  async pending(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: pendingApprovalsQuery }) query: z.output<typeof pendingApprovalsQuery>,
  ) {
    const { propertyId, limit, cursor } = query;
    const principal = principalFor(request, propertyId);
    const list = `pending-approvals ${principal.organizationId} ${propertyId ?? 'all'}`;
    const [after = 0] = cursor === undefined ? [] : (this.cursors.decode(list, cursor) as [number]);
    const answerTags = pendingCache.tags(principal, query);
    const { rows, ...freshness } = await this.queries.execute(
      new ListPendingApprovals(principal, propertyId, { limit, after }, request.minPosition, answerTags),
    );
    const { data, next, isKnown } = rows[0]!;
    if (!isKnown) throw notFound('property');
    const nextCursor = next === null ? null : this.cursors.encode(list, [next]);
    this.answers.read(request, reply, {
      body: { data, nextCursor, position: freshness.position, asOf: freshness.asOf },
      freshness,
      tags: answerTags,
      shape: 'pending-approvals.2',
    });
  }

  @Get('today-pending-transactions')
  @Route({
    allow: 'signed-in',
    summary: 'List what waits to be approved of the business day a property is in',
    answer: todayPendingPage,
    description: `With totals for each currency over the whole day. Pages that follow stay on the day of the first. ${freshnessNote}`,
    cache: todayCache,
    fields: fieldsOf(todayPendingPage),
    isRevalidated: true,
  })
  async today(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: todayPendingQuery }) query: z.output<typeof todayPendingQuery>,
  ) {
    const { propertyId, limit, cursor } = query;
    const principal = principalFor(request, propertyId);
    const list = `today-pending ${principal.organizationId} ${propertyId}`;
    const [after = 0, day] = cursor === undefined ? [] : (this.cursors.decode(list, cursor) as [number, string]);
    const answerTags = todayCache.tags(principal, query);
    const asOf = new Date();
    const { rows, ...freshness } = await this.queries.execute(
      new ListTodayPending(
        principal,
        propertyId,
        asOf,
        { limit, after, businessDay: day },
        request.minPosition,
        answerTags,
      ),
    );
    if (!rows[0]) throw notFound('property');
    const { data, next, businessDay, totals, secondsLeft } = rows[0];
    const nextCursor = next === null ? null : this.cursors.encode(list, [next, businessDay]);
    this.answers.read(request, reply, {
      body: { propertyId, businessDay, totals, data, nextCursor, position: freshness.position, asOf },
      freshness,
      secondsLeft,
      tags: answerTags,
      // The day is not in the position: when it ends the answer changes and nothing has happened.
      shape: `today-pending.2 ${businessDay}`,
    });
  }
}

/** The caller, if the property is theirs to see; one that is not is absent. */
function principalFor(request: FastifyRequest, propertyId: number | undefined): Principal {
  const principal = principalOf(request);
  if (propertyId !== undefined && !maySeeProperty(principal, propertyId)) throw notFound('property');
  return principal;
}

function pendingTags({ organizationId }: Principal, propertyId: number | undefined): Tag[] {
  // Names of properties are in the list: a list over all properties changes when any of them is renamed.
  if (propertyId === undefined)
    return organizationTags(organizationId, [
      tags.organizationFinance(organizationId),
      tags.organizationProperties(organizationId),
    ]);
  return propertyTags(organizationId, propertyId, [
    tags.propertyFinance(propertyId),
    tags.pendingApprovals(propertyId),
  ]);
}
