import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type AppName, AppProcess, freePorts, root, testMasterKeys } from '@innkeep/testing';
import { script } from '../bench/surroundings';
import { checks } from './fuzz/checks';
import { Fuzz, type FuzzOutcome } from './fuzz/harness';
import { ownRedis } from './instances';
import type { Proof, Proving, Verdict } from './proof';
import { openProofDatabase, type ProofDatabase } from './proof-database';

const full = { requests: 200_000, workers: 8 };
const small = { requests: 600, workers: 3 };

const operator = { email: 'operator@innkeep.example', password: 'keeps the whole inn' };

/** Nothing is refused for coming too often, nor for a machine that is busy: that is tried elsewhere. */
const unlimited = Object.fromEntries([
  ...['WRITE_USER', 'WRITE_ORGANIZATION', 'READ_USER', 'ADDRESS'].map((name) => [`RATE_LIMIT_${name}`, '100000000']),
  ...['ACCOUNT', 'ADDRESS'].map((name) => [`SIGN_IN_FREE_ATTEMPTS_${name}`, '1000000']),
  ['MAX_EVENT_LOOP_DELAY_MS', '60000'],
  ['RATE_LIMIT_PLAN', 'off'],
]);

/** The product as it is delivered, without its mails: they would go to addresses that were made up. */
async function startApps(proving: Proving, { database }: ProofDatabase): Promise<AppProcess> {
  const [{ newSigningKey }, redisUrl, ports] = await Promise.all([
    script('start/secrets.mjs'),
    ownRedis(proving),
    freePorts(3),
  ]);
  const shared = {
    PATH: process.env.PATH ?? '',
    REDIS_URL: redisUrl,
    MASTER_KEYS: testMasterKeys,
    HOST: '127.0.0.1',
    DATABASE_POOL_SIZE: '8',
    ...unlimited,
    ...Object.fromEntries(['PORT', 'PROJECTOR_PORT', 'WORKER_PORT'].map((name, index) => [name, String(ports[index])])),
    SIGNING_KEYS: JSON.stringify([newSigningKey()]),
    TOKEN_SECRET: randomBytes(32).toString('base64url'),
  };
  const apps = (['api', 'projector', 'worker'] as const).map(
    (name: AppName, index) =>
      new AppProcess({
        name,
        port: ports[index]!,
        reaper: proving.reaper,
        environment: { ...shared, DATABASE_URL: database.urlFor(name) },
      }),
  );
  proving.atEnd(() => Promise.all(apps.map((app) => app.kill())));
  await Promise.all(apps.map((app) => app.start()));
  return apps[0]!;
}

/** Makes somebody who runs the system, by the tool that is there for it. */
async function makeOperator({ database }: ProofDatabase): Promise<void> {
  const args = ['create', '--email', operator.email, '--password', operator.password];
  const environment = { DATABASE_URL: database.adminUrl, DATABASE_ROLE_SECRET: database.roleSecret };
  const env = { PATH: process.env.PATH ?? '', ...environment };
  await promisify(execFile)(process.execPath, [join(root, 'dist/tools/operator/main.js'), ...args], { env });
}

async function signInOperator(url: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/system/auth/login`, {
    method: 'POST',
    headers,
    body: JSON.stringify(operator),
  });
  return ((await answer.json()) as { accessToken: string }).accessToken;
}

/** Renews the operator's token before it ends. */
const OPERATOR_SECONDS = 10 * 60;

function verdictOf(outcome: FuzzOutcome, failures: readonly string[]): Verdict {
  const { requests, asDocumented, findings, operations, describedAnswers, byStatus } = outcome;
  const statuses = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status}: ${count.toLocaleString('en')}`);
  const found = findings.map(({ check, operation, times }) => `${check} ${operation} (${times} times)`);
  const text = [
    `${requests.toLocaleString('en')} requests to ${operations} operations, ${asDocumented.toLocaleString('en')} of them as documented`,
    `checks: ${Object.keys(checks).join(', ')}, use_after_free, ensure_resource_availability, canary, neighbour_unchanged`,
    `answers by status: ${statuses.join(', ')}`,
    `${describedAnswers} of ${operations} operations describe what they answer with`,
    ...(found.length > 0 ? [`FOUND ${found.join(', ')}`] : []),
    ...(failures.length > 0 ? [`errors in the log: ${failures.slice(0, 3).join(' ')}`] : []),
  ];
  return { holds: found.length === 0 && failures.length === 0, text: text.join('\n  ') };
}

async function prove(proving: Proving): Promise<Verdict> {
  const database = await openProofDatabase(proving, { poolSize: 2 });
  const api = await startApps(proving, database);
  await makeOperator(database);
  const renewed = { token: await signInOperator(api.url) };
  const { requests, workers } = proving.isSmall ? small : full;
  const renewing = setInterval(() => {
    void signInOperator(api.url).then((token) => (renewed.token = token));
  }, OPERATOR_SECONDS * 1_000);
  try {
    const { random, say } = proving;
    const fuzz = new Fuzz({ url: api.url, requests, workers, random, say, operatorToken: () => renewed.token });
    const outcome = await fuzz.run();
    return verdictOf(
      outcome,
      api.lines.filter((line) => /"level":"(error|fatal)"/.test(line)),
    );
  } finally {
    clearInterval(renewing);
  }
}

/** Requests made up from the document that the API serves: nothing but what the document says comes back. */
export const fuzz: Proof = {
  claim: 'whatever is sent, the API answers as its document says, with no failure and nothing of another organization',
  prove,
};
