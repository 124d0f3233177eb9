import 'reflect-metadata';
import { orExit, runSidecar } from '@innkeep/assembly';
import { readEnvironment } from '@innkeep/platform/config';
import { createLogger } from '@innkeep/platform/telemetry';
import { workerEnvironment } from './environment';
import { WorkerModule } from './worker.module';

async function main(): Promise<void> {
  const environment = readEnvironment(workerEnvironment);
  const logger = createLogger('worker', environment.LOG_LEVEL);
  await runSidecar(WorkerModule.assemble(environment, logger), logger, {
    port: environment.WORKER_PORT,
    host: environment.HOST,
  });
}

orExit(main());
