import {
  Answers,
  BULK_BODY_LIMIT,
  Route,
  commandContext,
  fieldsOf,
  ifMatchVersion,
  principalOf,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Arrive, arriveBody } from './arrive/arrive.command';
import { CancelStay, cancelStayBody } from './cancel-stay/cancel-stay.command';
import { ChangeStay, changeStayBody } from './change-stay/change-stay.command';
import { CheckInGuest, checkInGuestBody } from './check-in-guest/check-in-guest.command';
import { CheckOutGuest, checkOutGuestBody } from './check-out-guest/check-out-guest.command';
import { GetStay } from './get-stay/get-stay.query';
import { RecordStaysInBulk, bulkStaysAnswer, bulkStaysBody } from './record-stays-in-bulk/record-stays-in-bulk.command';
import { stayAnswer } from './stay.answers';

const desk = ['owner', 'manager', 'staff'] as const;
const withIfMatch = 'With If-Match, only if it is still the version you read.';

/** What happens at the desk. */
@ApiTags('guests')
@Controller('v1/guest-checkin')
export class GuestCheckinController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
  ) {}

  @Post('create')
  @Route({
    allow: desk,
    summary: 'Check a party in, or note one that is expected',
    answer: stayAnswer,
    description:
      'Units are refused that somebody else has on one of the days, that are out of order then, or that are too small for the party. What the guest’s document says is kept sealed until 90 days after check-out, and shown by how its number ends.',
    isKeyRequired: true,
    isVersioned: true,
  })
  async create(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: checkInGuestBody }) body: z.output<typeof checkInGuestBody>,
  ) {
    const committed = await this.commands.execute(new CheckInGuest(commandContext(request), body));
    this.answers.committed(reply, 201, committed, { etag: `"${committed.version}"` });
  }

  @Post('bulk')
  @HttpCode(200)
  @Route({
    allow: desk,
    summary: 'Take over up to 1,000 stays of another system',
    answer: bulkStaysAnswer,
    description:
      'With what became of each: expected, in house, departed or cancelled. Each item is judged on its own: valid ones are recorded, known external references are left as they stand, invalid ones are reported. Units are given afterwards.',
    isKeyRequired: true,
    bodyLimit: BULK_BODY_LIMIT,
  })
  async recordInBulk(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: bulkStaysBody }) body: z.output<typeof bulkStaysBody>,
  ) {
    const committed = await this.commands.execute(new RecordStaysInBulk(commandContext(request), body.items));
    this.answers.committed(reply, 200, committed);
  }

  @Get(':id')
  @Route({
    allow: 'signed-in',
    summary: 'Get a stay',
    answer: stayAnswer,
    description: 'Auditors see that there is an email or a phone number and not which.',
    fields: fieldsOf(stayAnswer),
    isVersioned: true,
  })
  async get(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    const { rows, ...freshness } = await this.queries.execute(
      new GetStay(principalOf(request), id, request.minPosition),
    );
    this.answers.item(request, reply, rows[0]!, freshness);
  }

  @Put(':id')
  @Route({
    allow: desk,
    summary: 'Replace what can be changed of a stay that is not over',
    answer: stayAnswer,
    description: `What is not given is as if it had never been, but for the agreed arrival and the identity, which stay. ${withIfMatch}`,
    isVersioned: true,
    takesIfMatch: true,
  })
  async change(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: changeStayBody }) body: z.output<typeof changeStayBody>,
  ) {
    const committed = await this.commands.execute(
      new ChangeStay(commandContext(request), id, body, ifMatchVersion(request)),
    );
    this.answers.committed(reply, 200, committed, { etag: `"${committed.version}"` });
  }

  @Post(':id/checkin')
  @HttpCode(200)
  @Route({
    allow: desk,
    summary: 'Check in a party that was expected',
    answer: stayAnswer,
    description: withIfMatch,
    isVersioned: true,
    takesIfMatch: true,
  })
  async arrive(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: arriveBody }) body: z.output<typeof arriveBody>,
  ) {
    const committed = await this.commands.execute(
      new Arrive(commandContext(request), id, body, ifMatchVersion(request)),
    );
    this.answers.committed(reply, 200, committed, { etag: `"${committed.version}"` });
  }

  @Post(':id/checkout')
  @HttpCode(200)
  @Route({
    allow: desk,
    summary: 'Check a party out',
    answer: stayAnswer,
    description: withIfMatch,
    isVersioned: true,
    takesIfMatch: true,
  })
  async checkOut(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: checkOutGuestBody }) body: z.output<typeof checkOutGuestBody>,
  ) {
    const committed = await this.commands.execute(
      new CheckOutGuest(commandContext(request), id, body.checkedOutAt, ifMatchVersion(request)),
    );
    this.answers.committed(reply, 200, committed, { etag: `"${committed.version}"` });
  }

  @Post(':id/cancellation')
  @HttpCode(200)
  @Route({
    allow: desk,
    summary: 'Note that a party that was expected will not come',
    answer: stayAnswer,
    description: withIfMatch,
    isVersioned: true,
    takesIfMatch: true,
  })
  async cancel(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: cancelStayBody }) body: z.output<typeof cancelStayBody>,
  ) {
    const committed = await this.commands.execute(
      new CancelStay(commandContext(request), id, body.reason, ifMatchVersion(request)),
    );
    this.answers.committed(reply, 200, committed, { etag: `"${committed.version}"` });
  }
}
