import { ACCESS_TOKEN_SECONDS, AccessTokens, Route } from '@innkeep/platform/http';
import { Body, Controller, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { SignInOperator, signInOperatorBody } from './sign-in-operator/sign-in-operator.query';
import { SystemStatus } from './system-status.query';

/** What operators see and set going. Nothing here belongs to an organization. */
@ApiTags('system')
@Controller('v1/system')
export class SystemController {
  constructor(
    private readonly queries: QueryBus,
    private readonly tokens: AccessTokens,
    private readonly status: SystemStatus,
  ) {}

  @Post('auth/login')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Route({
    allow: 'public',
    summary: 'Sign in as a platform operator',
    description: 'The token opens the routes under /v1/system and no others.',
  })
  async signIn(
    @Req() request: FastifyRequest,
    @Body({ schema: signInOperatorBody }) body: z.output<typeof signInOperatorBody>,
  ) {
    const operatorId = await this.queries.execute(new SignInOperator(body.email, body.password, request.ip));
    return {
      accessToken: await this.tokens.issueForOperator(operatorId),
      tokenType: 'Bearer',
      expiresIn: ACCESS_TOKEN_SECONDS,
    };
  }

  @Get('projections')
  @Header('cache-control', 'no-store')
  @Route({ allow: 'operator', summary: 'How every read model is doing' })
  async projections() {
    return { data: await this.status.projections() };
  }

  @Get('projections/lag')
  @Header('cache-control', 'no-store')
  @Route({ allow: 'operator', summary: 'How far every track is behind, in events and seconds' })
  async lag() {
    return { data: await this.status.lag() };
  }

  @Get('monitoring/partitions/verify')
  @Header('cache-control', 'no-store')
  @Route({ allow: 'operator', summary: 'Whether the partitions of the event log are in place' })
  async verifyPartitions() {
    const data = await this.status.partitions();
    return { isComplete: data.every(({ isPresent, isProtected }) => isPresent && isProtected), data };
  }

  @Post('monitoring/partitions/migrate')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Route({ allow: 'operator', summary: 'Make the partitions that are missing' })
  async createPartitions() {
    return { made: await this.status.createPartitions() };
  }
}
