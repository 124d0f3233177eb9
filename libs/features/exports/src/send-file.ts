import { characters } from '@innkeep/contracts';
import type { FileStorage } from '@innkeep/platform/files';
import { answerFile } from '@innkeep/platform/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { exportLinkInvalid } from './exports.problems';

/** By what a file is asked for. */
export const fileQuery = z.strictObject({
  token: characters(1, 1_000).describe('Of the link').meta({ example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln' }),
});

/** The file of an export, and how it is given away. */
export interface LinkedFile {
  /** Of the export: its file is made once, so this tells it from all others. */
  readonly id: string;
  /** Where it is kept. */
  readonly name: string;
  /** What it is saved under. */
  readonly fileName: string;
  readonly mediaType: string;
}

/** Sends a file to whoever has a link to it, or the part of it that is missing after a download broke off. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  storage: FileStorage,
  { id, name, fileName, mediaType }: LinkedFile,
): Promise<void> {
  const bytes = await storage.bytesOf(name);
  if (bytes === undefined) throw exportLinkInvalid();
  await answerFile(request, reply, {
    ...{ bytes, mediaType, etag: `"${id}"` },
    headers: { 'cache-control': 'no-store', 'content-disposition': `attachment; filename="${fileName}"` },
    open: (range) => storage.open(name, range),
  });
}
