import { createHash } from 'node:crypto';
import { type Principal, cacheFamilies, organizationTags, tags } from '@innkeep/contracts';
import {
  Answers,
  Route,
  RoutePermissions,
  cached,
  commandContext,
  fieldsOf,
  ifMatchVersion,
  principalOf,
} from '@innkeep/platform/http';
import { Body, Controller, Get, Patch, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ChangeTheme } from './change-theme/change-theme.command';
import { GetBootstrap, bootstrapAnswer } from './get-bootstrap/get-bootstrap.query';
import { GetTheme } from './get-theme/get-theme.query';
import { GetUserBootstrap, userBootstrapAnswer } from './get-user-bootstrap/get-user-bootstrap.query';
import { type ThemeChanges, themeAnswer, themeChanges } from './theme';
import { words } from './words';

const themeCache = cached({
  family: cacheFamilies.branding,
  tags: ({ organizationId }: Principal) => organizationTags(organizationId, [tags.theme(organizationId)]),
});

const bootstrapCache = cached({
  family: cacheFamilies.branding,
  tags: ({ organizationId }: Principal) =>
    organizationTags(organizationId, [tags.theme(organizationId), tags.organizationProperties(organizationId)]),
});

/** What an answer says, in short. Most that happens in an organization changes nothing of it, so its ETag is made from this. */
const digestOf = (body: object) => createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22);

@ApiTags('branding')
@Controller('v1/branding/theme')
export class ThemeController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
  ) {}

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'What your organization looks like',
    answer: themeAnswer,
    cache: themeCache,
    fields: fieldsOf(themeAnswer),
  })
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const principal = principalOf(request);
    const answerTags = themeCache.tags(principal, undefined as never);
    const { rows, ...freshness } = await this.queries.execute(new GetTheme(principal, request.minPosition, answerTags));
    const body = rows[0]!;
    const shape = `theme.2 ${digestOf(body)}`;
    this.answers.read(request, reply, { body, freshness: { ...freshness, changed: 0 }, tags: answerTags, shape });
  }

  @Patch()
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Change what your organization looks like',
    answer: themeAnswer.omit({ version: true, logoUrl: true }),
    takesIfMatch: true,
    description:
      'Members who look after all properties may. Text and what it stands on need a contrast of 4.5:1 (WCAG 2.2, level AA). With If-Match, only if it is still the version you read.',
  })
  async change(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: themeChanges }) body: ThemeChanges,
  ) {
    const command = new ChangeTheme(commandContext(request), body, ifMatchVersion(request));
    this.answers.committed(reply, 200, await this.commands.execute(command));
  }
}

@ApiTags('bootstrap')
@Controller('v1/bootstrap')
export class BootstrapController {
  constructor(
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly permissions: RoutePermissions,
  ) {}

  @Get('static')
  @Route({
    allow: 'signed-in',
    summary: 'What a client has to know of your organization before anything else',
    answer: bootstrapAnswer,
    description: 'The same for all members with your role and your properties; kept at the edge until it changes.',
    cache: bootstrapCache,
    fields: fieldsOf(bootstrapAnswer),
  })
  async static(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const principal = principalOf(request);
    const answerTags = bootstrapCache.tags(principal, undefined as never);
    const { rows, ...freshness } = await this.queries.execute(
      new GetBootstrap(principal, request.minPosition, answerTags),
    );
    const features = Object.fromEntries([...this.permissions.areas].sort().map((area) => [area, true]));
    const body = { ...rows[0]!, features, words };
    const shape = `bootstrap.2 ${digestOf(body)}`;
    this.answers.read(request, reply, { body, freshness: { ...freshness, changed: 0 }, tags: answerTags, shape });
  }

  @Get('user')
  @Route({
    allow: 'signed-in',
    summary: 'Who you are, what you may do and what waits for you',
    answer: userBootstrapAnswer,
    description: 'Never kept by anybody but you; with If-None-Match it is only sent if it is another.',
    fields: fieldsOf(userBootstrapAnswer),
    isRevalidated: true,
  })
  async user(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const principal = principalOf(request);
    const query = new GetUserBootstrap(principal, new Date(), request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    const permissions = this.permissions.of(rows[0]!.role);
    this.answers.own(request, reply, { ...rows[0]!, permissions }, freshness);
  }
}
