import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ProblemType, DomainError } from '@innkeep/contracts';
import type { Logger } from '@innkeep/platform/telemetry';
import { httpProblems } from './http.problems';
import { problemDocument } from './problem-document';

const problemOf = (code: string | undefined): [ProblemType, string] => {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return [httpProblems['request-timeout'], 'Send the whole request at once.'];
  if (code === 'HPE_HEADER_OVERFLOW')
    return [httpProblems['headers-too-large'], 'Send at most 16 KiB of address and headers.'];
  return [httpProblems['invalid-request'], 'The bytes sent are not an HTTP request.'];
};

/** Connections that end with an answer that is on its way: what the parser says of the rest of them is of no use to anybody. */
export const ending = new WeakSet<Socket>();

/**
 * Answers what the HTTP parser gave up on. There is no request that could be answered in the usual way, and where the next one
 * begins cannot be known, so the connection is closed.
 */
export const answerUnreadable = (logger: Logger) => (error: NodeJS.ErrnoException, socket: Socket) => {
  if (error.code === 'ECONNRESET' || socket.destroyed || ending.has(socket)) return;
  const [problem, detail] = problemOf(error.code);
  const id = randomUUID();
  logger.debug({ err: error, reqId: id }, 'unreadable request');
  const body = JSON.stringify(problemDocument(new DomainError(problem, detail), { id }));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${id}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
};
