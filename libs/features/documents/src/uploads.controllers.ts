import type { IncomingMessage } from 'node:http';
import { DomainError, characters } from '@innkeep/contracts';
import { FileStorage } from '@innkeep/platform/files';
import {
  Answers,
  Route,
  commandContext,
  httpProblems,
  invalidRequest,
  notFound,
  principalOf,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CompleteUpload, type CompletedUpload } from './complete-upload/complete-upload.command';
import { type StartedUpload, documentAnswer, stagingOf, startUploadBody, uploadAnswer } from './document';
import { mediaTypes } from './document-kinds';
import { refuse, uploadLinkInvalid, uploadRefused } from './documents.problems';
import { GetUpload, type Upload } from './get-upload/get-upload.query';
import { StartUpload } from './start-upload/start-upload.command';
import { UploadCheck } from './upload-check';
import { UploadLinks } from './upload-links';

const tokenQuery = z.strictObject({
  token: characters(1, 1_000).describe('Of the upload').meta({ example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln' }),
});

/** Files on their way in: announced, put, looked at. */
@ApiTags('documents')
@Controller('v1/uploads')
export class UploadsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly links: UploadLinks,
    private readonly check: UploadCheck,
  ) {}

  @Post('file')
  @Route({
    allow: ['owner', 'manager', 'staff'],
    summary: 'Start an upload',
    description:
      'Says what the file is going to be, and gets the request that puts it. It is good for 15 minutes. When the file is there, complete the upload.',
    answer: uploadAnswer,
    isKeyRequired: true,
  })
  async start(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: startUploadBody }) body: z.output<typeof startUploadBody>,
  ) {
    const context = commandContext(request);
    const committed = await this.commands.execute(new StartUpload(context, body));
    const started = JSON.parse(committed.body) as StartedUpload;
    const upload = await this.links.requestFor(context.principal.organizationId, started);
    this.answers.committed(reply, 201, { ...committed, body: JSON.stringify({ document: started.document, upload }) });
  }

  @Post(':id/complete')
  @HttpCode(200)
  @Route({
    allow: ['owner', 'manager', 'staff'],
    summary: 'Complete an upload',
    description:
      'Looks at the file that was put: its length, its SHA-256 and what it is by its first bytes. One that is not what was said is deleted. What is decided stays: asking again is answered alike.',
    answer: documentAnswer,
  })
  async complete(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    const { organizationId, userId } = principalOf(request);
    const upload = await this.queries.execute(new GetUpload(organizationId, id));
    if (upload?.addedBy !== userId) throw notFound('upload');
    const verdict = upload.isOpen ? await this.check.look(organizationId, upload) : undefined;
    const committed = await this.commands.execute(new CompleteUpload(commandContext(request), id, verdict));
    const { document, refusal, file } = JSON.parse(committed.body) as CompletedUpload;
    await this.check.discard(verdict, { refusal, file });
    if (refusal) throw uploadRefused(refusal);
    this.answers.committed(reply, 200, { ...committed, body: JSON.stringify(document) });
  }
}

/** Where files are put if the storage has no address of its own. */
@ApiTags('documents')
@Controller('v1/uploads/:id')
export class UploadContentController {
  constructor(
    private readonly queries: QueryBus,
    private readonly links: UploadLinks,
    private readonly storage: FileStorage,
  ) {}

  @Put('content')
  @HttpCode(204)
  @Route({
    allow: 'public',
    summary: 'Put the file of an upload',
    limits: 'file',
    description:
      'By the token of the upload alone, with the headers that it says. Until it is completed it can be put again.',
    takesStream: mediaTypes,
  })
  async put(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Query({ schema: tokenQuery }) { token }: z.output<typeof tokenQuery>,
  ) {
    const grant = await this.links.verify(token);
    if (grant?.documentId !== id) throw uploadLinkInvalid();
    const upload = await this.queries.execute(new GetUpload(grant.organizationId, id));
    if (!upload) throw uploadLinkInvalid();
    if (!upload.isOpen) throw refuse('upload-closed', 'It was completed or given up. Start another one.');
    assertAsSaid(request, upload);
    try {
      await this.storage.put(stagingOf(grant.organizationId, id), request.body as IncomingMessage);
    } catch (error) {
      // Whoever hung up in the middle is not there to be told.
      if (request.raw.destroyed && !request.raw.complete) return void reply.hijack();
      throw error;
    }
    void reply.code(204).header('cache-control', 'no-store').send();
  }
}

/** Refuses what is not even said to be the file that was announced, before a byte of it is taken. */
function assertAsSaid({ headers }: FastifyRequest, { mediaType, bytes }: Upload): void {
  if (headers['content-type'] !== mediaType)
    throw new DomainError(httpProblems['unsupported-media-type'], `Send it as ${mediaType}, as the upload says.`);
  if (headers['content-encoding'] !== undefined)
    throw new DomainError(httpProblems['unsupported-media-type'], 'Send the file as it is, without Content-Encoding.');
  if (headers['content-length'] === undefined)
    throw invalidRequest(
      [{ pointer: 'Content-Length', detail: 'is needed' }],
      'Send the file with its length, not in chunks.',
    );
  if (Number(headers['content-length']) !== bytes) throw uploadRefused('bytes');
}
