import {
  AccessTokens,
  Answers,
  Route,
  commandContext,
  personalAnswer,
  principalOf,
  shapes,
} from '@innkeep/platform/http';
import type { Committed } from '@innkeep/platform/database';
import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AcceptInvitation, acceptInvitationBody, invitationToken } from './accept-invitation/accept-invitation.command';
import { CompleteLogIn, completeLogInBody } from './complete-log-in/complete-log-in.command';
import { GetMe, meAnswer } from './get-me/get-me.query';
import { LogIn, logInBody } from './log-in/log-in.command';
import { LogOut } from './log-out/log-out.command';
import { originOf } from './origin';
import { RefreshSession, refreshSessionBody } from './refresh-session/refresh-session.command';
import { SignUp, signUpBody } from './sign-up/sign-up.command';
import type { SignIn } from './session';
import { challengeAnswer, challenged, signInAnswer, signedIn } from './signed-in';

@ApiTags('sign-in')
@Controller('v1/auth')
export class AuthController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly tokens: AccessTokens,
  ) {}

  @Post('signup')
  @Route({
    allow: 'public',
    summary: 'Make an organization and its owner',
    answer: signInAnswer,
    description: 'Answers like a login.',
  })
  async signUp(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: signUpBody }) body: z.output<typeof signUpBody>,
  ) {
    const committed = await this.commands.execute(new SignUp(request.id, body, originOf(request)));
    this.answers.committed(reply, 201, await signedIn(this.tokens, committed));
  }

  @Post('login')
  @HttpCode(200)
  @Route({
    allow: 'public',
    summary: 'Sign in',
    answer: signInAnswer,
    otherAnswers: { 202: challengeAnswer },
    description:
      'An access token is good for 15 minutes; the refresh token gets the next one. With a second factor turned on the answer is 202 with a `challenge`: `POST /v1/auth/login/second-factor` takes it with a code.',
  })
  async logIn(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: logInBody }) body: z.output<typeof logInBody>,
  ) {
    const committed = await this.commands.execute(new LogIn(request.id, body, originOf(request)));
    if ('challenge' in committed.result!) return this.answers.committed(reply, 202, challenged(committed));
    this.answers.committed(reply, 200, await signedIn(this.tokens, committed as Committed<SignIn>));
  }

  @Post('login/second-factor')
  @HttpCode(200)
  @Route({
    allow: 'public',
    summary: 'Sign in: the second step',
    answer: signInAnswer,
    description: 'Takes the challenge of the first step, good for five minutes and five codes. Answers like a login.',
  })
  async completeLogIn(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: completeLogInBody }) body: z.output<typeof completeLogInBody>,
  ) {
    const committed = await this.commands.execute(new CompleteLogIn(request.id, body, originOf(request)));
    this.answers.committed(reply, 200, await signedIn(this.tokens, committed));
  }

  @Post('refresh')
  @HttpCode(200)
  @Route({
    allow: 'public',
    summary: 'Get new tokens for a session',
    answer: signInAnswer,
    description:
      'A refresh token is used once. Used again within ten seconds it gives the same next one, so that parallel requests do no harm; later it ends the session for everybody who holds one of its tokens.',
  })
  async refresh(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: refreshSessionBody }) body: z.output<typeof refreshSessionBody>,
  ) {
    const committed = await this.commands.execute(new RefreshSession(request.id, body.refreshToken));
    this.answers.committed(reply, 200, await signedIn(this.tokens, committed));
  }

  @Post('logout')
  @HttpCode(204)
  @Route({
    allow: 'signed-in',
    summary: 'Sign out',
    description: 'Ends the session: its refresh tokens stop working at once, its access tokens within five seconds.',
  })
  async logOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const committed = await this.commands.execute(new LogOut(commandContext(request)));
    this.answers.committed(reply, 204, committed);
  }

  @Get('me')
  @Route({
    allow: 'signed-in',
    summary: 'Who you are',
    answer: meAnswer,
    description: '`properties` is "all" or the ids of the properties that you look after.',
  })
  async me(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { rows, ...freshness } = await this.queries.execute(new GetMe(principalOf(request), request.minPosition));
    personalAnswer(reply, rows[0]!.body, freshness);
  }

  @Post('invitations/:token')
  @Route({
    allow: 'public',
    summary: 'Accept an invitation',
    answer: signInAnswer,
    description: 'Answers like a login.',
  })
  async accept(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('token', { schema: invitationToken }) token: string,
    @Body({ schema: acceptInvitationBody }) body: z.output<typeof acceptInvitationBody>,
  ) {
    const committed = await this.commands.execute(new AcceptInvitation(request.id, token, body, originOf(request)));
    this.answers.committed(reply, 201, await signedIn(this.tokens, committed));
  }
}

const publicKeys = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: shapes.text('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'),
      kid: shapes.text('2026-01'),
      alg: z.literal('EdDSA'),
      use: z.literal('sig'),
    }),
  ),
});

@ApiTags('sign-in')
@Controller('.well-known')
export class KeysController {
  constructor(private readonly tokens: AccessTokens) {}

  @Get('jwks.json')
  @Route({
    allow: 'public',
    summary: 'The public keys that verify access tokens',
    answer: publicKeys,
    mediaTypes: ['application/jwk-set+json'],
  })
  keys(@Res() reply: FastifyReply) {
    void reply
      .header('cache-control', 'public, max-age=300')
      .type('application/jwk-set+json')
      .send(JSON.stringify(this.tokens.publicKeys));
  }
}
