import { emailOf } from './made-up-organization';
import { type Seeded, rounded } from './seed-by-copy';
import { PROPERTIES, type Size, USERS } from './size';

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
