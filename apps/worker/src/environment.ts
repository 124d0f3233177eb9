import { port, sharedEnvironment } from '@innkeep/platform/config';
import { probeEnvironment, purgeEnvironment } from '@innkeep/platform/edge';
import { filesEnvironment } from '@innkeep/platform/files';
import { mailEnvironment } from '@innkeep/platform/mail';
import { z } from 'zod';

export const workerEnvironment = z.object({
  ...sharedEnvironment.shape,
  ...mailEnvironment.shape,
  ...filesEnvironment.shape,
  /** How many days after its closing an organization can still be opened again. Then all it has is deleted. */
  ORGANIZATION_GRACE_DAYS: z.coerce.number().min(0).max(3_650).default(30),
  ...purgeEnvironment.shape,
  ...probeEnvironment.shape,
  /** Where health and metrics are served. */
  WORKER_PORT: port(4002),
  HOST: z.string().default('0.0.0.0'),
});
export type WorkerEnvironment = z.infer<typeof workerEnvironment>;
