import type { LiveService } from '@innkeep/contracts';
import { Route, callerOf } from '@innkeep/platform/http';
import { Controller, Get, Header, Query, Req, Res, type Type } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Live } from './live';
import { liveMetricsAnswer, pollAnswer, pollQuery } from './realtime.answers';
import { assertMaySeeAll, clientOf, positionIn } from './realtime.controllers';

/**
 * The routes by which an area of the product is asked again and again: the same for all of them, each under its own address.
 * `services` are what is told there, if that is not the service of the same name.
 */
export function pollingOf(area: string, services: readonly LiveService[]): Type {
  @ApiTags('live')
  @Controller(`v1/${area}/realtime`)
  class PollController {
    constructor(private readonly live: Live) {}

    @Get('subscribe')
    @Route({
      allow: 'signed-in',
      summary: `Wait for the next messages about ${area}`,
      description:
        'For clients that cannot hold a stream. The first request, without a cursor, is answered at once with the cursor to begin from; each further one as soon as something happens, or with nothing when the wait is over.',
      answer: pollAnswer,
    })
    async subscribe(
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
      @Query({ schema: pollQuery }) query: z.output<typeof pollQuery>,
    ): Promise<void> {
      const listener = callerOf(request);
      const propertyIds = query.propertyId === undefined ? undefined : [query.propertyId];
      assertMaySeeAll(listener, propertyIds);
      const gone = new AbortController();
      const leave = () => gone.abort();
      request.raw.socket.once('close', leave);
      const { messages, cursor, isRecovered } = await this.live.polls
        .poll({
          listener,
          choice: { services, propertyIds },
          position: positionIn('cursor', query.cursor),
          waitMs: query.wait * 1_000,
          gone: gone.signal,
        })
        .finally(() => request.raw.socket.removeListener('close', leave));
      const { organizationId, userId } = listener.principal;
      request.log.info(
        { area, organizationId, userId, propertyId: query.propertyId, events: messages.length, ...clientOf(request) },
        'poll answered',
      );
      const body = `{"events":[${messages.join(',')}],"cursor":"${cursor}","recovered":${isRecovered}}`;
      void reply.headers({ 'cache-control': 'no-store' }).type('application/json; charset=utf-8').send(body);
    }

    @Get('metrics')
    @Header('cache-control', 'no-store')
    @Route({ allow: 'operator', summary: 'How the live part of this process is doing', answer: liveMetricsAnswer })
    metrics() {
      return this.live.status;
    }
  }
  // The document names operations after it.
  const words = area.split('-').map((word) => word[0]!.toUpperCase() + word.slice(1));
  const name = `${words.join('')}PollController`;
  Object.defineProperty(PollController, 'name', { value: name });
  return PollController;
}
