import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from '@innkeep/testing';

/** Runs a proof in its small size on the servers of this test run; answers with its exit code and all that it said. */
function prove(...args: string[]): Promise<{ code: number; output: string }> {
  const seed = process.env.TEST_SEED ? ['--seed', process.env.TEST_SEED] : [];
  const program = [join(root, 'dist/tools/prove/main.js'), ...args, '--small', ...seed];
  return new Promise((resolve) => {
    // A proof that hangs is ended, with all that it has started.
    execFile(process.execPath, program, { timeout: PATIENCE_MS }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 130) : 0, output: stderr + stdout }),
    );
  });
}

const PATIENCE_MS = 480_000;

describe('what the long proofs prove, in small', () => {
  jest.setTimeout(540_000);

  const holds = async (name: string) => {
    const { code, output } = await prove(name);
    // All that it said is shown where it did not hold.
    expect(output).toMatch(new RegExp(`^PROVED ${name}:`, 'm'));
    expect(code).toBe(0);
  };

  it('no event is lost, seen twice or out of order', () => holds('order'));

  it('and without the lock that is not so, which is noticed', async () => {
    const { code, output } = await prove('order', '--break-lock');
    expect(output).toMatch(/^NOT PROVED order:/m);
    expect(code).toBe(1);
  });

  it('the read models are those of a fold in memory, whatever the batches', () => holds('fold'));

  it('projectors that are killed or frozen leave the read models right', () => holds('kill'));

  it('a rebuild under load disturbs no read', () => holds('rebuild'));

  it('Redis may be emptied and killed', () => holds('redis-gone'));

  it('what changed is fresh at the edge, whatever happens to purges', () => holds('purge'));

  it('nobody gets through the edge what belongs to others', () => holds('tenants'));

  it('nobody who listens misses anything without being told', () => holds('live'));

  it('the API answers as its document says, whatever is sent', () => holds('fuzz'));
});
