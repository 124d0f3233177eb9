import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { orExit, runSidecar } from '@innkeep/assembly';
import { readEnvironment } from '@innkeep/platform/config';
import { createLogger } from '@innkeep/platform/telemetry';
import { projectorEnvironment } from './environment';
import { ProjectorModule } from './projector.module';

// What a batch brings lives as long as the batch, which is long enough for V8 to file it with what lives for ever, and to look there
// again only at four times what is needed. Looking earlier costs some hundredths of the time and halves what the process holds.
setFlagsFromString('--heap-growing-percent=60');

async function main(): Promise<void> {
  const environment = readEnvironment(projectorEnvironment);
  const logger = createLogger('projector', environment.LOG_LEVEL);
  await runSidecar(ProjectorModule.assemble(environment, logger), logger, {
    port: environment.PROJECTOR_PORT,
    host: environment.HOST,
  });
}

orExit(main());
