import { cacheFamilies, organizationTags, tags } from '@innkeep/contracts';
import {
  Answers,
  Cursors,
  Route,
  cached,
  commandContext,
  fieldsOf,
  idParameter,
  ifMatchVersion,
  principalOf,
} from '@innkeep/platform/http';
import { Body, Controller, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CreateProperty, createPropertyBody } from './create-property/create-property.command';
import { GetProperty } from './get-property/get-property.query';
import { ListProperties, listPropertiesQuery, propertyPage } from './list-properties/list-properties.query';
import { propertyAnswer } from './property';
import { UpdateProperty, updatePropertyBody } from './update-property/update-property.command';

/** Of the list: any property that is added or renamed changes it. */
const propertiesCache = cached({
  family: cacheFamilies.properties,
  tags: ({ organizationId }, _query: z.output<typeof listPropertiesQuery>) =>
    organizationTags(organizationId, [tags.organizationProperties(organizationId)]),
});

@ApiTags('properties')
@Controller('v1/properties')
export class PropertiesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @Route({ allow: ['owner', 'manager'], summary: 'Add a property', answer: propertyAnswer, isVersioned: true })
  async create(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: createPropertyBody }) body: z.output<typeof createPropertyBody>,
  ) {
    const committed = await this.commands.execute(new CreateProperty(commandContext(request), body));
    this.answers.committed(reply, 201, committed, { etag: `"${committed.version}"` });
  }

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List the properties you may see',
    answer: propertyPage,
    cache: propertiesCache,
    fields: fieldsOf(propertyPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listPropertiesQuery }) query: z.output<typeof listPropertiesQuery>,
  ) {
    const principal = principalOf(request);
    const list = `properties ${principal.organizationId}`;
    const after = query.cursor ? Number(this.cursors.decode(list, query.cursor)[0]) : 0;
    const answerTags = propertiesCache.tags(principal, query);
    const { rows, ...freshness } = await this.queries.execute(
      new ListProperties(principal, after, query.limit + 1, request.minPosition, answerTags),
    );
    this.answers.read(request, reply, {
      body: this.cursors.pageOf(list, rows, query.limit),
      freshness,
      tags: answerTags,
      shape: 'properties.1',
    });
  }

  @Get(':id')
  @Route({
    allow: 'signed-in',
    summary: 'Get a property',
    answer: propertyAnswer,
    fields: fieldsOf(propertyAnswer),
    isVersioned: true,
  })
  async get(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) id: number,
  ) {
    const { rows, ...freshness } = await this.queries.execute(
      new GetProperty(principalOf(request), id, request.minPosition),
    );
    this.answers.item(request, reply, rows[0]!, freshness);
  }

  @Patch(':id')
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Change a property',
    answer: propertyAnswer,
    description: 'With If-Match, only if it is still the version you read.',
    takesIfMatch: true,
  })
  async update(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: idParameter }) id: number,
    @Body({ schema: updatePropertyBody }) body: z.output<typeof updatePropertyBody>,
  ) {
    const committed = await this.commands.execute(
      new UpdateProperty(commandContext(request), id, body, ifMatchVersion(request)),
    );
    this.answers.committed(reply, 200, committed);
  }
}
