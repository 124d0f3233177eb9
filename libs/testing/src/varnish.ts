import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const STORED = '64m';
const startWithin = 30_000;
const stopWithin = 5_000;

/** What a test's edge is put in front of. */
export interface VarnishOptions {
  /** Port of the origin on 127.0.0.1. */
  readonly originPort: number;
  /** The folder of the VCL; by default the product's own, `docker/varnish`. */
  readonly vclFolder?: string;
  /** Variables for varnishd beside those of this process, for what the VCL reads by `std.getenv`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it keeps is kept in a file, to be looked through. */
  readonly isStoredInFile?: boolean;
}

/** A running edge: where clients go, where purges go (`PURGE /`, another listener), and its end. */
export interface RunningVarnish {
  readonly url: string;
  readonly purgeUrl: string;
  /** All the bytes of what it keeps, where that is a file. */
  stored(): Promise<Buffer>;
  stop(): Promise<void>;
}

const programs = ['varnishd', 'varnishadm'] as const;

function onPath(program: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return join(folder, program);
    } catch {
      continue;
    }
  }
  return undefined;
}

/** Are Varnish's programs on the PATH? A test may be skipped without them on a laptop, never where `CI` is set. */
export const varnishAvailable = (): boolean => programs.every((program) => onPath(program) !== undefined);

/** The product's VCL, found from this file whether it runs compiled or not. */
function ownVclFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'docker', 'varnish');
    if (existsSync(join(candidate, 'default.vcl'))) return candidate;
  }
  throw new Error(`no docker/varnish/default.vcl above ${__dirname}`);
}

const testBackend = (originPort: number) => `
backend api {
  .host = "127.0.0.1";
  .port = "${originPort}";
  .connect_timeout = 2s;
}
acl purgers {
  "127.0.0.0"/8;
  "::1";
}
`;

/** Starts Varnish with the product's VCL on free ports, in a folder of its own, in front of an origin on this machine. */
export async function startVarnish(options: VarnishOptions): Promise<RunningVarnish> {
  if (!varnishAvailable())
    throw new Error(`${programs.join(' and ')} must be on the PATH (Debian: varnish, varnish-modules)`);
  const folder = await mkdtemp(join(tmpdir(), 'innkeep-varnish-'));
  const vcl = join(folder, 'vcl');
  const work = join(folder, 'work');
  await cp(options.vclFolder ?? ownVclFolder(), vcl, { recursive: true });
  await writeFile(join(vcl, 'backend.vcl'), testBackend(options.originPort));
  const storage = options.isStoredInFile ? `file,${join(folder, 'storage')},${STORED}` : `malloc,${STORED}`;
  const child = spawn('varnishd', varnishArguments(vcl, work, storage), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
  });
  const stop = stopper(child, folder);
  try {
    const ports = await listeningPorts(child, work);
    const stored = () => readFile(join(folder, 'storage'));
    return { url: `http://127.0.0.1:${ports.public}`, purgeUrl: `http://127.0.0.1:${ports.purge}`, stored, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function varnishArguments(vcl: string, work: string, storage: string): string[] {
  const settings = {
    // Sooner than Node's own 5 s: a connection that the origin is about to close must not be given a request.
    backend_idle_timeout: '4',
    http_resp_hdr_len: '16k',
    thread_pools: '1',
    thread_pool_min: '10',
    vsl_space: '4M',
  };
  return [
    '-F',
    // No change of user: the folder belongs to who runs the test, root or not.
    ...['-j', 'none'],
    ...['-n', work],
    ...['-f', join(vcl, 'default.vcl')],
    ...['-s', storage],
    // Port 0: the system chooses, so that no other test can be faster. The names are part of the VCL's contract.
    ...['-a', 'public=127.0.0.1:0', '-a', 'purge=127.0.0.1:0'],
    ...Object.entries(settings).flatMap(([name, value]) => ['-p', `${name}=${value}`]),
  ];
}

/** Waits until varnishd serves, and asks it for the ports it was given. */
async function listeningPorts(child: ChildProcess, work: string): Promise<{ public: number; purge: number }> {
  let said = '';
  const listen = (chunk: Buffer) => (said = (said + chunk.toString()).slice(-8_000));
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`varnishd ended (${signal ?? code}):\n${said}`)));
  });
  // Whoever loses the race below may still fail, and nobody is listening then.
  failed.catch(() => undefined);
  const deadline = Date.now() + startWithin;
  while (Date.now() < deadline) {
    const ports = await Promise.race([askForPorts(work), failed]);
    if (ports) return ports;
    await Promise.race([sleep(50), failed]);
  }
  throw new Error(`varnishd does not answer after ${startWithin / 1000} s:\n${said}`);
}

async function askForPorts(work: string): Promise<{ public: number; purge: number } | undefined> {
  const answer = await run('varnishadm', ['-n', work, '-t', '2', 'debug.listen_address']).catch(() => undefined);
  const port = (name: string) => Number(new RegExp(`^${name} \\S+ (\\d+)`, 'm').exec(answer?.stdout ?? '')?.[1]);
  const ports = { public: port('public'), purge: port('purge') };
  return ports.public > 0 && ports.purge > 0 ? ports : undefined;
}

function stopper(child: ChildProcess, folder: string): () => Promise<void> {
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const killNow = () => void child.kill('SIGKILL');
  process.once('exit', killNow);
  return async () => {
    child.kill('SIGTERM');
    const late = setTimeout(killNow, stopWithin);
    await ended;
    clearTimeout(late);
    process.off('exit', killNow);
    await rm(folder, { recursive: true, force: true });
  };
}
