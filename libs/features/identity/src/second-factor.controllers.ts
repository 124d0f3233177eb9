import { Answers, Route, personalAnswer, principalOf } from '@innkeep/platform/http';
import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  ConfirmSecondFactor,
  confirmSecondFactorBody,
  recoveryCodesAnswer,
} from './confirm-second-factor/confirm-second-factor.command';
import {
  EnrolSecondFactor,
  enrolSecondFactorBody,
  enrolmentAnswer,
} from './enrol-second-factor/enrol-second-factor.command';
import { GetSecondFactor, secondFactorAnswer } from './get-second-factor/get-second-factor.query';
import { askingFrom } from './origin';
import { RemoveSecondFactor, provenBody } from './remove-second-factor/remove-second-factor.command';
import { RenewRecoveryCodes } from './renew-recovery-codes/renew-recovery-codes.command';

@ApiTags('account')
@Controller('v1/auth/second-factor')
export class SecondFactorController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
  ) {}

  @Get()
  @Route({ allow: 'signed-in', summary: 'Whether you sign in with a second factor', answer: secondFactorAnswer })
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const query = new GetSecondFactor(principalOf(request), request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, rows[0]!.body, freshness);
  }

  @Post()
  @Route({
    allow: 'signed-in',
    summary: 'Begin to turn on a second factor',
    answer: enrolmentAnswer,
    description:
      'The answer shows the secret for an authenticator app this once, also as an `otpauth:` link to be shown as a picture. It counts once it is confirmed with a code.',
  })
  async enrol(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: enrolSecondFactorBody }) body: z.output<typeof enrolSecondFactorBody>,
  ) {
    const command = new EnrolSecondFactor(askingFrom(request), body.password);
    this.answers.committed(reply, 201, await this.commands.execute(command));
  }

  @Post('confirmation')
  @HttpCode(200)
  @Route({
    allow: 'signed-in',
    summary: 'Turn the second factor on with a first code',
    answer: recoveryCodesAnswer,
    description: 'The answer shows ten recovery codes this once; each signs in one time in the place of the app.',
  })
  async confirm(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: confirmSecondFactorBody }) body: z.output<typeof confirmSecondFactorBody>,
  ) {
    const command = new ConfirmSecondFactor(askingFrom(request), body.code);
    this.answers.committed(reply, 200, await this.commands.execute(command));
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @Route({
    allow: 'signed-in',
    summary: 'Get new recovery codes',
    answer: recoveryCodesAnswer,
    description: 'Those that were left are good no more.',
  })
  async renewCodes(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: provenBody }) body: z.output<typeof provenBody>,
  ) {
    const command = new RenewRecoveryCodes(askingFrom(request), body);
    this.answers.committed(reply, 200, await this.commands.execute(command));
  }

  @Post('removal')
  @HttpCode(204)
  @Route({ allow: 'signed-in', summary: 'Turn the second factor off', description: 'Takes the password and a code.' })
  async remove(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: provenBody }) body: z.output<typeof provenBody>,
  ) {
    const command = new RemoveSecondFactor(askingFrom(request), body);
    this.answers.committed(reply, 204, await this.commands.execute(command));
  }
}
