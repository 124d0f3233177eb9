import { parseArgs } from 'node:util';
import { DemoApi } from './demo-api';
import { demoOrganizations } from './demo-organizations';
import { fillOrganization } from './fill-organization';
import { TRANSACTIONS } from './size/size';

/**
 * Makes the demo organizations through the API, each with a year behind it; prints the logins as a line of JSON. Running it again
 * changes nothing. With `--organizations` it writes so many by COPY instead, straight into the database.
 */

const usage = `npm run seed -- [--api http://localhost:4000] [--days 365] [--seed 7]
  the demo organizations, through the API
npm run seed -- --organizations 1000 [--transactions 50000] [--seed 7]
  so many organizations by COPY, straight into the database; ${TRANSACTIONS} transactions for each if nothing is said`;

function wholeNumber(name: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most)
    throw new Error(`--${name} is a whole number from ${least} to ${most}\n${usage}`);
  return number;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      api: { type: 'string', default: 'http://localhost:4000' },
      days: { type: 'string', default: '365' },
      seed: { type: 'string', default: '7' },
      organizations: { type: 'string' },
      transactions: { type: 'string' },
    },
  });
  return values;
}

async function seedDemo({ api, days, seed }: ReturnType<typeof readOptions>): Promise<void> {
  const filling = {
    api: new DemoApi(api),
    now: new Date(),
    days: wholeNumber('days', days, 1),
    seed: wholeNumber('seed', seed, 0),
  };
  await Promise.all(demoOrganizations.map((organization) => fillOrganization(filling, organization)));
  const logins = demoOrganizations.flatMap(({ name, people }) =>
    people.map(({ email, password, role }) => ({ email, password, role, organization: name })),
  );
  console.log(JSON.stringify(logins));
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.organizations === undefined) return seedDemo(options);
  const organizations = wholeNumber('organizations', options.organizations, 1, 10_000_000);
  const transactions = options.transactions ?? String(organizations * TRANSACTIONS);
  // Loaded only for this: with it comes the whole product.
  const { runSeedByCopy } = await import('./size/run.js');
  await runSeedByCopy({
    organizations,
    transactions: wholeNumber('transactions', transactions, 0, 1_000_000_000),
    seed: wholeNumber('seed', options.seed, 0, 2 ** 31),
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
