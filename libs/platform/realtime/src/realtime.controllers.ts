import { DomainError, maySeeProperty } from '@innkeep/contracts';
import { databaseProblems } from '@innkeep/platform/database';
import { type Caller, Route, callerOf, invalidRequest, notFound, uuidParameter } from '@innkeep/platform/http';
import { Body, Controller, Get, Header, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Live } from './live';
import { type Position, parsePosition } from './position';
import {
  changeStreamBody,
  changedStreamAnswer,
  liveMetricsAnswer,
  streamAnswer,
  streamQuery,
  ticketAnswer,
} from './realtime.answers';
import { TICKET_SECONDS, Tickets } from './tickets';

/** A position that a client gives. */
export function positionIn(name: string, text: string | undefined): Position | undefined {
  if (text === undefined) return undefined;
  const position = parsePosition(text);
  if (!position) throw invalidRequest([{ pointer: `/${name}`, detail: 'is no position that was given out' }]);
  return position;
}

/** Refuses properties that the caller may not see; what is not there at all is never heard of either. */
export function assertMaySeeAll({ principal }: Caller, propertyIds: readonly number[] = []): void {
  if (!propertyIds.every((id) => maySeeProperty(principal, id))) throw notFound('property');
}

const closing = () =>
  new DomainError(databaseProblems['service-unavailable'], 'This process ends. Another one takes you.', {
    headers: { 'retry-after': '1' },
  });

/** Only gzip: what is compressed once for all has to be of one kind. */
const codingOf = (accepted: string | undefined) =>
  /\bgzip\b(?!\s*;\s*q=0(\.0+)?\s*(,|$))/i.test(accepted ?? '') ? 'gzip' : 'identity';

const lastEventId = ({ headers }: FastifyRequest, query: string | undefined) =>
  positionIn('last_event_id', String(headers['last-event-id'] ?? '') || query);

@ApiTags('live')
@Controller('v2/realtime')
export class RealtimeController {
  constructor(
    private readonly live: Live,
    private readonly tickets: Tickets,
  ) {}

  @Post('tickets')
  @Header('cache-control', 'no-store')
  @Route({
    allow: 'signed-in',
    summary: 'Get a ticket that opens one stream',
    description:
      'For an `EventSource`, which can send no Authorization: `GET /v2/realtime/stream?ticket=...` within a minute, once. The stream ends when the access token does that the ticket was asked for with.',
    answer: ticketAnswer,
  })
  async issueTicket(@Req() request: FastifyRequest) {
    return { ticket: await this.tickets.issue(callerOf(request)), expiresIn: TICKET_SECONDS };
  }

  @Get('stream')
  @Route({
    allow: 'signed-in',
    takesTicket: true,
    summary: 'Hear what happens, as it happens',
    description:
      'Server-Sent Events. The first one, `ready`, says from which position on everything follows, and whether that is the one you gave (`recovered`). Each message names the one before it (`after`): if that is past what you have, something is missing, and you open the stream anew with the id of the last message you have. See docs/guides/live.md.',
    answer: streamAnswer,
    mediaTypes: ['text/event-stream'],
  })
  async stream(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: streamQuery }) query: z.output<typeof streamQuery>,
  ): Promise<void> {
    const listener = callerOf(request);
    const { headers, raw } = request;
    // A request that was sent before the answer to another one has no connection of its own to stream on.
    if (reply.raw.socket !== raw.socket)
      throw invalidRequest([{ pointer: '', detail: 'takes a connection of its own' }]);
    if (raw.httpVersion === '1.0') throw invalidRequest([{ pointer: '', detail: 'takes HTTP/1.1' }]);
    if (this.live.streams.isDraining) throw closing();
    assertMaySeeAll(listener, query.properties);
    const position = lastEventId(request, query.last_event_id);
    const follows = query.follow === 'true';
    // What goes on for ever needs no end: what ends is sent as it is.
    const coding = follows ? codingOf(headers['accept-encoding']) : 'identity';
    const head = {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Proxies are to pass on each message as it comes.
      'x-accel-buffering': 'no',
      ...(coding === 'gzip' && { 'content-encoding': 'gzip' }),
    };
    if (raw.method === 'HEAD') return void reply.headers(head).send();
    const open = await this.live.streams.admit({
      ...{ listener, position, coding, expiresAt: listener.expiresAt },
      choice: { services: query.services, propertyIds: query.properties },
      follows,
      client: clientOf(request),
    });
    reply.hijack();
    // The connection ends with the stream (RFC 9112, 9.6): unsaid, a client might send its next request on it in between.
    const last = { connection: 'close' };
    reply.raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...head, ...last });
    reply.raw.flushHeaders();
    // Nothing ends here: what waits for the end would hold the request for as long as the stream is open.
    reply.raw
      .removeAllListeners('finish')
      .removeAllListeners('error')
      .on('error', () => undefined);
    // From here on silence is no sign of anything: heartbeats find out who is gone.
    raw.socket.setTimeout(0);
    open(raw.socket);
  }

  @Patch('streams/:id')
  @HttpCode(202)
  @Header('cache-control', 'no-store')
  @Route({
    allow: 'signed-in',
    summary: 'Change what one of your streams is subscribed to',
    description:
      'Wherever it is open. The stream itself says `subscribed`, with the position from which on it is so; if it does not within a few seconds, ask again.',
    answer: changedStreamAnswer,
  })
  async change(
    @Req() request: FastifyRequest,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: changeStreamBody }) body: z.output<typeof changeStreamBody>,
  ) {
    const caller = callerOf(request);
    const { organizationId, userId } = caller.principal;
    if (!(await this.live.leases.has({ id, organizationId, userId }))) throw notFound('stream');
    assertMaySeeAll(caller, body.propertyIds ?? []);
    await this.live.control(organizationId, { streamId: id, userId, ...body });
    return { streamId: id };
  }

  @Get('metrics')
  @Header('cache-control', 'no-store')
  @Route({ allow: 'operator', summary: 'How the live part of this process is doing', answer: liveMetricsAnswer })
  metrics() {
    return this.live.status;
  }
}

/** As much of what a client calls itself as is logged. */
const AGENT_LENGTH = 60;

/** What is logged of a client. */
export const clientOf = ({ headers }: FastifyRequest) => ({
  origin: headers.origin,
  agent: headers['user-agent']?.slice(0, AGENT_LENGTH),
});
