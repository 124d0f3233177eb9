import { port, sharedEnvironment } from '@innkeep/platform/config';
import { probeEnvironment, purgeEnvironment } from '@innkeep/platform/edge';
import { mailEnvironment } from '@innkeep/platform/mail';
import { z } from 'zod';

export const workerEnvironment = z.object({
  ...sharedEnvironment.shape,
  ...mailEnvironment.shape,
  ...purgeEnvironment.shape,
  ...probeEnvironment.shape,
  /** Where health and metrics are served. */
  WORKER_PORT: port(4002),
  HOST: z.string().default('0.0.0.0'),
});
export type WorkerEnvironment = z.infer<typeof workerEnvironment>;
