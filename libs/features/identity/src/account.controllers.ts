import { characters } from '@innkeep/contracts';
import { Answers, Route, commandContext } from '@innkeep/platform/http';
import { Body, Controller, Header, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ChangePassword, changePasswordBody } from './change-password/change-password.command';
import { askingFrom } from './origin';
import {
  RequestEmailVerification,
  emailVerificationAnswer,
} from './request-email-verification/request-email-verification.command';
import {
  RequestPasswordReset,
  requestPasswordResetBody,
} from './request-password-reset/request-password-reset.command';
import { ResetPassword, resetPasswordBody } from './reset-password/reset-password.command';
import { VerifyEmail } from './verify-email/verify-email.command';

const mailedToken = characters(1, 200).describe('The token of the mail');

@ApiTags('account')
@Controller('v1/auth')
export class AccountController {
  constructor(
    private readonly commands: CommandBus,
    private readonly answers: Answers,
  ) {}

  @Post('password-resets')
  @HttpCode(202)
  @Header('cache-control', 'no-store')
  @Route({
    allow: 'public',
    summary: 'Ask for a mail to choose a new password',
    answer: z.strictObject({}),
    description: 'Answers alike, in its text and in its time, whether or not anybody signs in with the address.',
  })
  async requestReset(@Body({ schema: requestPasswordResetBody }) body: z.output<typeof requestPasswordResetBody>) {
    await this.commands.execute(new RequestPasswordReset(body.email));
    return {};
  }

  @Post('password-resets/:token')
  @HttpCode(204)
  @Route({
    allow: 'public',
    summary: 'Choose a new password with the token of a mail',
    description: 'Ends all sessions of the user. A second factor stays turned on.',
  })
  async reset(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('token', { schema: mailedToken }) token: string,
    @Body({ schema: resetPasswordBody }) body: z.output<typeof resetPasswordBody>,
  ) {
    this.answers.committed(
      reply,
      204,
      await this.commands.execute(new ResetPassword(request.id, token, body.password)),
    );
  }

  @Put('password')
  @HttpCode(204)
  @Route({
    allow: 'signed-in',
    summary: 'Change your password',
    description: 'All your other sessions end.',
  })
  async changePassword(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: changePasswordBody }) body: z.output<typeof changePasswordBody>,
  ) {
    this.answers.committed(reply, 204, await this.commands.execute(new ChangePassword(askingFrom(request), body)));
  }

  @Post('email-verifications')
  @HttpCode(202)
  @Route({
    allow: 'signed-in',
    summary: 'Ask for a mail to verify your address',
    answer: emailVerificationAnswer,
    description: 'A new user is sent one without asking. Nothing is sent if the address is verified already.',
  })
  async requestVerification(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const command = new RequestEmailVerification(commandContext(request));
    this.answers.committed(reply, 202, await this.commands.execute(command));
  }

  @Post('email-verifications/:token')
  @HttpCode(204)
  @Route({ allow: 'public', summary: 'Verify an address with the token of a mail' })
  async verify(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('token', { schema: mailedToken }) token: string,
  ) {
    this.answers.committed(reply, 204, await this.commands.execute(new VerifyEmail(request.id, token)));
  }
}
