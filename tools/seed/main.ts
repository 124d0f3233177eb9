import { parseArgs } from 'node:util';
import { DemoApi } from './demo-api';
import { demoOrganizations } from './demo-organizations';
import { fillOrganization } from './fill-organization';

/**
 * Makes the demo organizations through the API, each with a year behind it; prints the logins as a line of JSON. Running it again
 * changes nothing.
 */

const { values } = parseArgs({
  options: {
    api: { type: 'string', default: 'http://localhost:4000' },
    days: { type: 'string', default: '365' },
    seed: { type: 'string', default: '7' },
  },
});

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least) throw new Error(`--${name} is a whole number from ${least} on`);
  return number;
}

async function main(): Promise<void> {
  const days = wholeNumber('days', values.days, 1);
  const filling = { api: new DemoApi(values.api), now: new Date(), days, seed: wholeNumber('seed', values.seed, 0) };
  await Promise.all(demoOrganizations.map((organization) => fillOrganization(filling, organization)));
  const logins = demoOrganizations.flatMap(({ name, people }) =>
    people.map(({ email, password, role }) => ({ email, password, role, organization: name })),
  );
  console.log(JSON.stringify(logins));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
