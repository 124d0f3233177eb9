import 'reflect-metadata';
import { orExit, runSidecar } from '@innkeep/assembly';
import { readEnvironment } from '@innkeep/platform/config';
import { createLogger } from '@innkeep/platform/telemetry';
import { projectorEnvironment } from './environment';
import { ProjectorModule } from './projector.module';

async function main(): Promise<void> {
  const environment = readEnvironment(projectorEnvironment);
  const logger = createLogger('projector', environment.LOG_LEVEL);
  await runSidecar(ProjectorModule.assemble(environment, logger), logger, {
    port: environment.PROJECTOR_PORT,
    host: environment.HOST,
  });
}

orExit(main());
