import { z } from 'zod';

/** What is said of public images by the environment. */
export const assetEnvironment = z.object({
  /** For how many days caches may keep a public image. */
  ASSET_MAX_AGE_DAYS: z.coerce.number().int().min(1).max(365).default(30),
});

/** How public images are served. */
export class AssetSettings {
  constructor(readonly maxAgeDays: number) {}
}
