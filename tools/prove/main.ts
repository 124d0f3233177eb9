import 'reflect-metadata';
import { Reaper, randomnessFrom } from '@innkeep/testing';
import { type Shutdown, prepareShutdown } from '../bench/surroundings';
import { type ProveOptions, readOptions } from './options';
import type { Proof, Verdict } from './proof';
import { provideServers } from './servers';

/** `npm run prove -- <name>`: tries hard to break what the product promises, and says whether it held. */

/** Each is loaded when it is run: what only some of them need takes a second or two. */
const proofs: Readonly<Record<string, () => Promise<Proof>>> = {
  order: async () => (await import('./order.js')).order,
  kill: async () => (await import('./kill.js')).kill,
  'redis-gone': async () => (await import('./redis-gone.js')).redisGone,
  fold: async () => (await import('./fold.js')).fold,
  rebuild: async () => (await import('./rebuild.js')).rebuild,
  purge: async () => (await import('./purge.js')).purge,
  tenants: async () => (await import('./tenants.js')).tenants,
  fuzz: async () => (await import('./fuzz.js')).fuzz,
  live: async () => (await import('./live.js')).live,
};

const startedAt = performance.now();
const seconds = () => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
const say = (line: string) => process.stderr.write(`  ${seconds().padStart(8)}  ${line}\n`);

async function prove({ name, seed, isSmall, isLockBroken, only }: ProveOptions, shutdown: Shutdown): Promise<Verdict> {
  const proof = await proofs[name]!();
  console.error(`${name}${isSmall ? ' (small)' : ''}, seed ${seed}: ${proof.claim}`);
  const reaper = new Reaper();
  shutdown.add(() => reaper.close());
  say('PostgreSQL and Redis');
  await provideServers(shutdown, reaper);
  const atEnd = (undo: () => Promise<unknown>) => void shutdown.add(undo);
  return proof.prove({ isSmall, isLockBroken, only, random: randomnessFrom(seed), reaper, say, atEnd });
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), Object.keys(proofs));
  let interrupt: (code: number) => void = () => undefined;
  const interrupted = new Promise<number>((resolve) => (interrupt = resolve));
  const shutdown = await prepareShutdown(() => interrupt(130));
  const running = prove(options, shutdown).then(({ holds, text }) => {
    console.log(`${holds ? 'PROVED' : 'NOT PROVED'} ${options.name}: ${text} (seed ${options.seed}, ${seconds()})`);
    return holds ? 0 : 1;
  });
  try {
    return await Promise.race([running, interrupted]);
  } finally {
    running.catch(() => undefined);
    await shutdown.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? (process.env.npm_lifecycle_event ? error.message : error.stack) : error);
    process.exit(1);
  },
);
