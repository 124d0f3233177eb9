import { port, sharedEnvironment } from '@innkeep/platform/config';
import { filesEnvironment } from '@innkeep/platform/files';
import { mailEnvironment } from '@innkeep/platform/mail';
import { z } from 'zod';

export const workerEnvironment = z.object({
  ...sharedEnvironment.shape,
  ...mailEnvironment.shape,
  ...filesEnvironment.shape,
  /** How many days after its closing an organization can still be opened again. Then all it has is deleted. */
  ORGANIZATION_GRACE_DAYS: z.coerce.number().min(0).max(3_650).default(30),
  /** Where health and metrics are served. */
  WORKER_PORT: port(4002),
  HOST: z.string().default('0.0.0.0'),
  /** The CDN that purges are sent to. */
  CDN_PROVIDER: z.enum(['log', 'varnish']).default('log'),
  /** Base addresses of the Varnish instances, separated by commas. */
  VARNISH_URLS: z
    .string()
    .default('http://127.0.0.1:6081')
    .transform((list) =>
      list
        .split(',')
        .map((url) => url.trim())
        .filter(Boolean),
    ),
});
export type WorkerEnvironment = z.infer<typeof workerEnvironment>;
