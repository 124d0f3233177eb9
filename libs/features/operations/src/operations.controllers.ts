import { ACCESS_TOKEN_SECONDS, AccessTokens, Route, shapes } from '@innkeep/platform/http';
import { Body, Controller, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SignInOperator, signInOperatorBody } from './sign-in-operator/sign-in-operator.query';
import {
  SystemStatus,
  createdPartitionsAnswer,
  lagAnswer,
  partitionsAnswer,
  projectionsAnswer,
} from './system-status.query';
import { viewsAnswer } from './views.query';

const operatorTokenAnswer = z.object({
  accessToken: shapes.text('eyJhbGciOiJFZERTQSJ9.eyJvcCI6MX0.c2lnbmF0dXJl'),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int().min(1).describe('In seconds').meta({ example: ACCESS_TOKEN_SECONDS }),
});

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
    answer: operatorTokenAnswer,
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
  @Route({ allow: 'operator', summary: 'How every read model is doing', answer: projectionsAnswer })
  async projections() {
    return { data: await this.status.projections() };
  }

  @Get('projections/lag')
  @Header('cache-control', 'no-store')
  @Route({ allow: 'operator', summary: 'How far every track is behind, in events and seconds', answer: lagAnswer })
  async lag() {
    return { data: await this.status.lag() };
  }

  @Get('monitoring/partitions/verify')
  @Header('cache-control', 'no-store')
  @Route({
    allow: 'operator',
    summary: 'Whether the partitions of the event log are in place',
    answer: partitionsAnswer,
    description:
      'One line for each month: in the database and protected, or archived in a file. `bucketsWithGaps` counts the buckets of which events are in neither.',
  })
  async verifyPartitions() {
    const [data, bucketsWithGaps] = await Promise.all([this.status.partitions(), this.status.bucketsWithGaps()]);
    const isInPlace = data.every((month) => month.isArchived || (month.isPresent && month.isProtected));
    return { isComplete: isInPlace && bucketsWithGaps === 0, bucketsWithGaps, data };
  }

  @Post('monitoring/partitions/migrate')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Route({ allow: 'operator', summary: 'Make the partitions that are missing', answer: createdPartitionsAnswer })
  async createPartitions() {
    return { made: await this.status.createPartitions() };
  }

  @Get('monitoring/views')
  @Header('cache-control', 'no-store')
  @Route({
    allow: 'operator',
    summary: 'How fresh the materialized views are',
    answer: viewsAnswer,
    description:
      'When each was last refreshed and how long that took, when it is due again, and whether it has been due for long. Nobody’s own figures are read from them.',
  })
  async views() {
    const data = await this.status.views();
    return { isFresh: data.every(({ isOverdue }) => !isOverdue), data };
  }
}
