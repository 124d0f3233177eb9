import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from '@innkeep/testing';

const PATIENCE_MS = 240_000;

/** Proofs wait much and work little: two run at once, each with a database of Redis of its own. */
const databases = [15, 14];
const waiting: (() => void)[] = [];

async function inTurn<Result>(work: (database: number) => Promise<Result>): Promise<Result> {
  while (databases.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
  const database = databases.pop()!;
  try {
    return await work(database);
  } finally {
    databases.push(database);
    waiting.shift()?.();
  }
}

/** Runs a proof in its small size on the servers of this test run; answers with its exit code and all that it said. */
function prove(...args: string[]): Promise<{ code: number; output: string }> {
  const seed = process.env.TEST_SEED ? ['--seed', process.env.TEST_SEED] : [];
  const program = [join(root, 'dist/tools/prove/main.js'), ...args, '--small', ...seed];
  return inTurn(
    (database) =>
      new Promise((resolve) => {
        const env = { ...process.env, PROOF_REDIS_DATABASE: String(database) };
        // A proof that hangs is ended, with all that it has started.
        execFile(process.execPath, program, { env, timeout: PATIENCE_MS }, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 130) : 0, output: stderr + stdout }),
        );
      }),
  );
}

describe('what the long proofs prove, in small', () => {
  // One that waits for its turn is waited for as well.
  jest.setTimeout(1_200_000);

  const holds = async (name: string) => {
    const { code, output } = await prove(name);
    expect([output, code]).toEqual([expect.stringContaining(`PROVED ${name}`), 0]);
  };

  it.concurrent('no event is lost, seen twice or out of order', () => holds('order'));

  it.concurrent('and without the lock that is not so, which is noticed', async () => {
    const { code, output } = await prove('order', '--break-lock');
    expect([output, code]).toEqual([expect.stringContaining('NOT PROVED order'), 1]);
  });

  it.concurrent('the read models are those of a fold in memory, whatever the batches', () => holds('fold'));

  it.concurrent('projectors that are killed or frozen leave the read models right', () => holds('kill'));

  it.concurrent('a rebuild under load disturbs no read', () => holds('rebuild'));

  it.concurrent('Redis may be emptied and killed', () => holds('redis-gone'));

  it.concurrent('what changed is fresh at the edge, whatever happens to purges', () => holds('purge'));

  it.concurrent('nobody gets through the edge what belongs to others', () => holds('tenants'));

  it.concurrent('nobody who listens misses anything without being told', () => holds('live'));

  it.concurrent('the API answers as its document says, whatever is sent', () => holds('fuzz'));
});
