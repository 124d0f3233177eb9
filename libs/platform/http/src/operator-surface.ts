import { createServer as createHttpServer, type Server } from 'node:http';
import { DomainError } from '@innkeep/contracts';
import type { FastifyContextConfig, FastifyInstance, FastifyRequest } from 'fastify';
import { closeAsTheyFinish } from './closing';
import { httpProblems } from './http.problems';
import { sendProblem } from './problem-document';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether the request came by the listener of the operators, or there is none of their own. */
    isAmongOperators: boolean;
  }
}

export interface OperatorListener {
  readonly port: number;
  readonly host: string;
}

/** A route as the server knows it: by its pattern and what it declares. */
type RouteOfServer = Pick<FastifyRequest['routeOptions'], 'url'> & { readonly config?: FastifyContextConfig };

/** What is for those who run the system: queues, metrics, documentation, and the routes that take an operator's token. */
export const isForOperators = ({ config, url }: RouteOfServer): boolean =>
  config?.rules?.allow === 'operator' || /^\/(admin|metrics|docs|openapi\.json|v1\/system)([/-]|$)/.test(url ?? '');

/**
 * Keeps what is for operators away from where clients come in: on the public listener none of it exists. One server, two listeners:
 * that of the operators is bound where only they can reach it.
 */
export function hideFromPublic(server: FastifyInstance, listener: OperatorListener | undefined): void {
  server.decorateRequest('isAmongOperators', listener === undefined);
  if (!listener) return;
  const operators = openOperatorListener(server, listener);
  server.addHook('onRequest', (request, reply, done) => {
    // A socket knows the server that accepted it.
    request.isAmongOperators = (request.socket as unknown as { server: Server }).server === operators;
    if (request.isAmongOperators || !isForOperators(request.routeOptions)) return done();
    // Sent from here: the dashboard of the queues has words of its own for errors.
    sendProblem(new DomainError(httpProblems['not-found'], 'There is no such route or resource.'), request, reply);
  });
}

function openOperatorListener(server: FastifyInstance, { port, host }: OperatorListener): Server {
  const operators = createHttpServer(
    { headersTimeout: 5_000, requestTimeout: 8_000, requireHostHeader: false },
    (request, response) => server.routing(request, response),
  );
  server.addHook('onListen', async () => {
    await new Promise<void>((resolve, reject) => operators.once('error', reject).listen(port, host, resolve));
    server.log.info({ port, host }, 'listening for operators');
  });
  closeAsTheyFinish(server, operators);
  server.addHook('preClose', (done) => void operators.close(() => done()));
  return operators;
}
