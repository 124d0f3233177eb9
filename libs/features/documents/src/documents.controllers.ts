import { characters } from '@innkeep/contracts';
import { FileStorage } from '@innkeep/platform/files';
import {
  Answers,
  Cursors,
  Route,
  answerFile,
  commandContext,
  dispositionOf,
  fieldsOf,
  personalAnswer,
  principalOf,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { documentAnswer, previewOf } from './document';
import { mediaTypes } from './document-kinds';
import { DocumentLinks } from './document-links';
import { documentLinkInvalid } from './documents.problems';
import { GetDocument } from './get-document/get-document.query';
import { GetFileOfDocument } from './get-file/get-file.query';
import {
  type DecidedLink,
  IssueDocumentLink,
  documentLinkAnswer,
  linkBody,
} from './issue-document-link/issue-document-link.command';
import { ListDocuments, documentPage, listDocumentsQuery } from './list-documents/list-documents.query';
import { DeleteDocument } from './remove-document/remove-document.command';

const tokenQuery = z.strictObject({
  token: characters(1, 1_000).describe('Of the link').meta({ example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln' }),
});

const fileAnswer = z.string().meta({ example: '(the bytes of the file)' });

/** An address at the storage is followed at once: this long for the way there, in seconds. */
const REDIRECTED_SECONDS = 60;

@ApiTags('documents')
@Controller('v1/documents')
export class DocumentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List documents',
    description: 'Those that you may read, the latest first.',
    answer: documentPage,
    fields: fieldsOf(documentPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listDocumentsQuery }) query: z.output<typeof listDocumentsQuery>,
  ) {
    const principal = principalOf(request);
    const list = JSON.stringify(['documents', principal.organizationId, query.subject, query.kind]);
    const before = query.cursor ? String(this.cursors.decode(list, query.cursor)[0]) : null;
    const { rows, ...freshness } = await this.queries.execute(
      new ListDocuments(principal, query, before, request.minPosition),
    );
    personalAnswer(reply, this.cursors.pageOf(list, rows, query.limit), freshness);
  }

  @Get(':id')
  @Route({ allow: 'signed-in', summary: 'Get one document', answer: documentAnswer, fields: fieldsOf(documentAnswer) })
  async get(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    const query = new GetDocument(principalOf(request), id, request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, rows[0]!.body, freshness);
  }

  @Delete(':id')
  @HttpCode(204)
  @Route({
    allow: ['owner', 'manager', 'staff'],
    summary: 'Delete a document',
    description: 'Its file goes too, from everywhere. Receipts of what stands in the books are kept for seven years.',
  })
  async delete(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    this.answers.committed(reply, 204, await this.commands.execute(new DeleteDocument(commandContext(request), id)));
  }
}

/** Links to the files, and what they lead to. */
@ApiTags('documents')
@Controller('v1/documents/:id')
export class DocumentFilesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly links: DocumentLinks,
    private readonly storage: FileStorage,
  ) {}

  @Post('links')
  @Route({
    allow: 'signed-in',
    summary: 'Get a link to a document',
    description:
      'It is good for an hour (documents of guests: up to two; receipts: four, up to six), and ends before with the session or the rights of whoever got it. Each issue is in the log.',
    answer: documentLinkAnswer,
    limits: 'signed-url',
    isKeyUnused: true,
  })
  async link(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: linkBody }) body: z.output<typeof linkBody>,
  ) {
    const context = commandContext(request);
    const committed = await this.commands.execute(new IssueDocumentLink(context, id, body));
    const { expiresAt, disposition } = JSON.parse(committed.body) as DecidedLink;
    const grant = { principal: context.principal, documentId: id, variant: body.variant, disposition };
    const token = await this.links.sign(grant, new Date(expiresAt));
    const link = { url: `/v1/documents/${id}/content?token=${token}`, expiresAt };
    this.answers.committed(reply, 201, { ...committed, body: JSON.stringify(link) });
  }

  @Get('content')
  @Route({
    allow: 'public',
    summary: 'Download a document',
    limits: 'file',
    description:
      'By the token of the link alone: the file, or the part of it that a `Range` asks for. Where files are kept elsewhere, 302 leads to it.',
    answer: fileAnswer,
    otherAnswers: { 206: fileAnswer.describe('The part that a Range asks for') },
    mediaTypes,
  })
  async download(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Query({ schema: tokenQuery }) { token }: z.output<typeof tokenQuery>,
  ) {
    const grant = await this.links.verify(token);
    if (grant?.documentId !== id) throw documentLinkInvalid();
    const found = await this.queries.execute(new GetFileOfDocument(grant));
    const isPreview = grant.variant === 'preview';
    if (!found || (isPreview && !found.hasPreview)) throw documentLinkInvalid();
    const file = isPreview ? previewOf(found.file) : found.file;
    const mediaType = isPreview ? 'image/webp' : found.mediaType;
    const disposition = dispositionOf(grant.disposition, isPreview ? `${found.name}.webp` : found.name);
    const method = request.method === 'HEAD' ? 'HEAD' : 'GET';
    const time = { from: new Date(), seconds: REDIRECTED_SECONDS };
    const elsewhere = await this.storage.signGet(file, { method, mediaType, disposition }, time);
    request.log.info({ documentId: id, variant: grant.variant, ...grant.principal }, 'document downloaded');
    if (elsewhere) return void reply.header('cache-control', 'no-store').redirect(elsewhere, 302);
    const bytes = await this.storage.bytesOf(file);
    if (bytes === undefined) throw documentLinkInvalid();
    await answerFile(request, reply, {
      ...{ bytes, mediaType, etag: `"${found.sha256.slice(0, 32)}${isPreview ? '-preview' : ''}"` },
      headers: { 'cache-control': 'private, no-store', 'content-disposition': disposition },
      open: (range) => this.storage.open(file, range),
    });
  }
}
