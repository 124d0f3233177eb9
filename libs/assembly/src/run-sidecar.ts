import { closeAsTheyFinish } from '@innkeep/platform/http';
import type { Logger } from '@innkeep/platform/telemetry';
import { NestLogger, RequestMetrics, measureRequests } from '@innkeep/platform/telemetry';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, LogController } from 'fastify';
import { register } from 'prom-client';

/** Runs a process that serves no users: its module's work, with health and metrics beside it. */
export async function runSidecar(
  module: DynamicModule,
  logger: Logger,
  listen: { port: number; host: string },
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: 1024,
    requestTimeout: 10_000,
  });
  const server = adapter.getInstance() as unknown as FastifyInstance;
  closeAsTheyFinish(server);
  measureRequests(server, new RequestMetrics(register));
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  // With an exit code of 0: by itself Nest ends by the signal again, which looks like a failure to who sent it.
  app.enableShutdownHooks([], { useProcessExit: true });
  await app.listen(listen.port, listen.host);
  logger.info({ url: await app.getUrl() }, 'listening');
  return app;
}

/** Ends the process with a readable reason when it cannot start. */
export function orExit(starting: Promise<unknown>): void {
  starting.catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
