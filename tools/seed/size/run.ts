import 'reflect-metadata';
import { features } from '@innkeep/assembly';
import { readEnvironment } from '@innkeep/platform/config';
import { MasterKeys } from '@innkeep/platform/privacy';
import { z } from 'zod';
import { seedByCopy } from './seed-by-copy';
import type { Size } from './size';
import { PASSWORD, summaryOf } from './summary';

const environmentSchema = z.object({ DATABASE_URL: z.string().min(1), MASTER_KEYS: z.string().min(2) });

/** `npm run seed -- --organizations 1000`: organizations by COPY, for their number. */
export async function runSeedByCopy(size: Size): Promise<void> {
  const { DATABASE_URL, MASTER_KEYS } = readEnvironment(environmentSchema);
  const seeded = await seedByCopy({
    databaseUrl: DATABASE_URL,
    masterKeys: MasterKeys.fromJson(MASTER_KEYS),
    projections: features.flatMap((feature) => [...(feature.projections ?? [])]),
    size,
    password: PASSWORD,
    say: (line) => console.error(line),
  });
  for (const line of summaryOf(size, seeded)) console.log(line);
}
