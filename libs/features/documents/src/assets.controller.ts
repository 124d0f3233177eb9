import { tags } from '@innkeep/contracts';
import { Directory } from '@innkeep/platform/database';
import { EdgeHeaders } from '@innkeep/platform/edge';
import { FileStorage } from '@innkeep/platform/files';
import { Route, answerFile, isLateFor, notFound } from '@innkeep/platform/http';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { assetOf } from './document';
import { AssetSettings } from './asset-settings';
import { GetAsset } from './get-asset/get-asset.query';

const hashParameter = z
  .string()
  .regex(/^[\da-f]{32}$/, 'cannot be an id')
  .describe('Of the content')
  .meta({ example: '9f86d081884c7d659a2feaa0c55ad015' });
const filenameParameter = z
  .string()
  .regex(/^[\w-]{1,100}\.webp$/, 'cannot be an id')
  .describe('Any name; what it is saved under')
  .meta({ example: 'logo.webp' });

const imageAnswer = z.string().meta({ example: '(a WebP image)' });

/** Images that everybody may see. Their address changes with their content, so whoever has one has it for good. */
@ApiTags('documents')
@Controller('assets')
export class AssetsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly directory: Directory,
    private readonly storage: FileStorage,
    private readonly edge: EdgeHeaders,
    private readonly settings: AssetSettings,
  ) {}

  @Get(':hash/:filename')
  @Route({
    allow: 'public',
    summary: 'Get a public image',
    description: 'A logo, or an image of a task. It never changes: caches keep it.',
    answer: imageAnswer,
    otherAnswers: { 206: imageAnswer.describe('The part that a Range asks for') },
    mediaTypes: ['image/webp'],
    limits: 'none',
  })
  async get(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('hash', { schema: hashParameter }) hash: string,
    @Param('filename', { schema: filenameParameter }) _filename: string,
  ) {
    const organizationId = await this.directory.organizationOfAsset(hash);
    if (organizationId === undefined) throw notFound('asset');
    const told = [tags.organization(organizationId), tags.asset(hash)];
    const { rows, isPurgePending } = await this.queries.execute(new GetAsset(organizationId, hash, told));
    if (!rows[0]) throw notFound('asset');
    const seconds = this.settings.maxAgeDays * 86_400;
    await answerFile(request, reply, {
      ...{ bytes: rows[0].bytes, mediaType: 'image/webp', etag: `"${hash}"` },
      headers: {
        ...this.edge.publicHeaders({ tags: told, seconds, isPurgePending, isLate: isLateFor(request) }),
        'cross-origin-resource-policy': 'cross-origin',
      },
      open: (range) => this.storage.open(assetOf(organizationId, hash), range),
    });
  }
}
