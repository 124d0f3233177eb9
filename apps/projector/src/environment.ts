import { port, sharedEnvironment } from '@innkeep/platform/config';
import { cdnProviders } from '@innkeep/platform/edge';
import { z } from 'zod';

export const projectorEnvironment = z.object({
  ...sharedEnvironment.shape,
  /** Where health and metrics are served. */
  PROJECTOR_PORT: port(4001),
  HOST: z.string().default('0.0.0.0'),
  /** The CDNs that purges are asked for. */
  CDN_PROVIDER: cdnProviders,
});
export type ProjectorEnvironment = z.infer<typeof projectorEnvironment>;
