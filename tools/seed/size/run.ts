import 'reflect-metadata';
import { features } from '@innkeep/assembly';
import { readEnvironment } from '@innkeep/platform/config';
import { MasterKeys } from '@innkeep/platform/privacy';
import { z } from 'zod';
import { emailOf } from './made-up-organization';
import { type Seeded, rounded, seedByCopy } from './seed-by-copy';
import { PROPERTIES, type Size, USERS } from './size';

const environmentSchema = z.object({ DATABASE_URL: z.string().min(1), MASTER_KEYS: z.string().min(2) });

/** What every user of a seeded organization signs in with. */
export const PASSWORD = 'a house of many rooms';

const megabytes = (bytes: number) => `${rounded(bytes / 1_000_000)} MB`;

/** What was done, and how quickly, for people. */
export function summaryOf({ organizations, transactions, seed }: Size, seeded: Seeded): string[] {
  const { seconds, events, rows, bytes, bareBytesPerSecond, databaseBytes, walBytes } = seeded;
  const pace = bytes / seconds;
  return [
    `${rounded(organizations)} organizations x ${PROPERTIES} properties x ${USERS} users with ${rounded(transactions)} transactions in ${seconds.toFixed(1)} s`,
    `${rounded(transactions / seconds)} transactions, ${rounded(events / seconds)} events and ${rounded(rows / seconds)} rows a second, read models besides`,
    `${megabytes(bytes)} copied at ${megabytes(pace)} a second; a bare COPY of the same bytes takes ${megabytes(bareBytesPerSecond)} a second: ` +
      `${(bareBytesPerSecond / pace).toFixed(1)} times as fast, without keys, indexes and read models`,
    `the database has ${megabytes(databaseBytes)} now, ${megabytes(walBytes)} went through the write-ahead log`,
    `sign in as ${emailOf(seed, 1, 'owner')} to ${emailOf(seed, organizations, 'owner')}, or manager@, staff@; password: ${PASSWORD}`,
  ];
}

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
