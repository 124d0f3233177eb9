import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '@innkeep/contracts';
import { httpProblems } from '@innkeep/platform/http';
import type { FastifyInstance } from 'fastify';

/** Where the build puts the pages. */
const FOLDER = join(__dirname, '../../../docs/problems');

/** Serves the page of each problem type where its `type` points. The pages are read once; a name from a request is never a path. */
export function serveProblemPages(server: FastifyInstance): void {
  const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((file) => file.endsWith('.md')) : [];
  const pages = new Map(files.map((file) => [file.slice(0, -'.md'.length), readFileSync(join(FOLDER, file))]));
  server.get<{ Params: { name: string } }>('/problems/:name', async (request, reply) => {
    const page = pages.get(request.params.name);
    if (!page) throw new DomainError(httpProblems['not-found'], 'There is no problem type by this name.');
    return reply.type('text/markdown; charset=utf-8').header('cache-control', 'public, max-age=86400').send(page);
  });
}
