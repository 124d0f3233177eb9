import type { Committed } from '@innkeep/platform/database';
import { Answers } from '@innkeep/platform/http';
import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { type RequestedPurge, awaitedPurgeAnswer, confirmedPurgeAnswer } from '../request-purge/request-purge.command';
import { awaitPurge } from './await-purge';
import { GetPurgeProgress } from './get-purge-progress.query';

/** What routes that ask for a purge declare. */
export const purgeAnswers = { answer: awaitedPurgeAnswer, otherAnswers: { 200: confirmedPurgeAnswer } } as const;

/** Answers who asked for a purge: at once, or when it has been carried out. */
@Injectable()
export class PurgeAnswers {
  constructor(
    private readonly answers: Answers,
    private readonly queries: QueryBus,
  ) {}

  async send(
    reply: FastifyReply,
    organizationId: number,
    committed: Committed<RequestedPurge>,
    isAwaited: boolean,
  ): Promise<void> {
    if (!isAwaited) return this.answers.committed(reply, 202, committed);
    const { tags } = JSON.parse(committed.body) as RequestedPurge;
    const asked = new GetPurgeProgress(organizationId, committed.version, tags);
    const { socket } = reply.request.raw;
    const { isConfirmed, receipts } = await awaitPurge(this.queries, asked, () => !socket.destroyed);
    // What was recorded is the same on a retry; what has been carried out by now is told as it is now.
    const body = JSON.stringify({ tags, receipts });
    this.answers.committed(reply, isConfirmed ? 200 : 202, { ...committed, body });
  }
}
