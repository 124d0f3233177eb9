import {
  Answers,
  ApiKeys,
  Cursors,
  Route,
  commandContext,
  fieldsOf,
  personalAnswer,
  principalOf,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CreateApiKey, createApiKeyBody, issuedApiKeyAnswer } from './create-api-key/create-api-key.command';
import { ListApiKeys, apiKeyPage, listApiKeysQuery } from './list-api-keys/list-api-keys.query';
import { RevokeApiKey } from './revoke-api-key/revoke-api-key.command';

@ApiTags('api keys')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
    private readonly apiKeys: ApiKeys,
  ) {}

  @Post()
  @Route({
    allow: ['owner'],
    summary: 'Make an API key',
    answer: issuedApiKeyAnswer,
    isKeyUnused: true,
    description:
      'The answer shows the key this once. It goes where an access token goes, into `Authorization: Bearer`, and opens the areas of its scopes: `finance:read` opens GET under /v1/finance, `finance:write` the rest. No Idempotency-Key is kept, since its record would hold the key.',
  })
  async create(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: createApiKeyBody }) body: z.output<typeof createApiKeyBody>,
  ) {
    const command = new CreateApiKey(commandContext(request), body, this.apiKeys.areas);
    this.answers.committed(reply, 201, await this.commands.execute(command));
  }

  @Get()
  @Route({
    allow: ['owner'],
    summary: 'List the API keys',
    answer: apiKeyPage,
    description: 'Those that were not revoked, the latest first. `lastUsedAt` is up to half a minute old.',
    fields: fieldsOf(apiKeyPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listApiKeysQuery }) query: z.output<typeof listApiKeysQuery>,
  ) {
    const principal = principalOf(request);
    const list = `api keys ${principal.organizationId}`;
    const before = query.cursor ? String(this.cursors.decode(list, query.cursor)[0]) : null;
    const { rows, ...freshness } = await this.queries.execute(
      new ListApiKeys(principal, before, query.limit + 1, request.minPosition),
    );
    personalAnswer(reply, this.cursors.pageOf(list, rows, query.limit), freshness);
  }

  @Delete(':id')
  @HttpCode(204)
  @Route({
    allow: ['owner'],
    summary: 'Revoke an API key',
    description: 'It stops working within five seconds.',
  })
  async revoke(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    this.answers.committed(reply, 204, await this.commands.execute(new RevokeApiKey(commandContext(request), id)));
  }
}
