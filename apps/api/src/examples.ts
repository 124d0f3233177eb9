import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';

const SCRIPT = /<script>([\s\S]*?)<\/script>/;

/** Serves a page that shows how a browser follows what happens. It may run the one script that is in it, and ask this server. */
export function serveExamples(server: FastifyInstance): void {
  const page = readFileSync(join(__dirname, 'examples/live.html'));
  const digest = createHash('sha256').update(SCRIPT.exec(page.toString())![1]!).digest('base64');
  const policy = `default-src 'none'; script-src 'sha256-${digest}'; style-src 'unsafe-inline'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'`;
  server.get('/examples/live', (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' })
      .send(page),
  );
}
