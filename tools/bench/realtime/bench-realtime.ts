import { setTimeout as sleep } from 'node:timers/promises';
import type { Servers, Shutdown } from '../surroundings';
import { type Delivered, Listeners, lookAt, together } from './listeners';
import { measureReturn } from './returning';
import { bareSubject, socketIoSubject } from './thin-subjects';
import { PATH, type Size, type Subject, productWorld } from './world';

/** `npm run bench -- realtime`: streams of the product beside those of bare node:http and of socket.io, held by the same clients in one run. */

const sizes: Readonly<Record<'small' | 'full', Size>> = {
  small: { servers: 1, streams: 2_000, listenersEach: 10, seconds: 10 },
  full: { servers: 3, streams: 16_670, listenersEach: 10, seconds: 20 },
};
/** What one process is filled up with: deliveries in a second, to so many listeners. */
const CROWD = 1_000;
const MESSAGES_A_SECOND = 100;
const RATE = 200;

const say = (line: string) => process.stderr.write(`  ${line}\n`);

/** What was delivered, and what that cost the servers. */
interface Measured extends Delivered {
  /** Of a processor, for each delivery, in microseconds: what a busy machine does not change much. */
  readonly cpu: number;
}

async function measured(
  listeners: readonly Listeners[],
  { pids }: Subject,
  during: () => Promise<void>,
): Promise<Measured> {
  await Promise.all(listeners.map((one) => one.begin()));
  const usedBy = () => pids.reduce((sum, pid) => sum + lookAt(pid).cpu, 0);
  const before = usedBy();
  await during();
  await sleep(2_000);
  const used = usedBy() - before;
  const delivered = together(await Promise.all(listeners.map((one) => one.end())));
  return { ...delivered, cpu: (used / Math.max(1, delivered.count)) * 1e6 };
}

/** Does something so often a second, for so long. */
async function atRate(rate: number, seconds: number, act: (index: number) => unknown): Promise<void> {
  const began = performance.now();
  for (let index = 0; index < rate * seconds; index++) {
    void act(index);
    const due = ((index + 1) * 1_000) / rate - (performance.now() - began);
    if (due > 1) await sleep(due);
  }
}

const row = (what: string, who: string, { count, ended, p50, p95, p99, cpu }: Measured) =>
  `| ${what} | ${who} | ${count.toLocaleString('en')} | ${p50} | ${p95} | ${p99} | ${cpu.toFixed(1)} | ${ended} |`;

/** Fills the servers with streams of the tokens; answers what holding one costs. */
async function fill(
  subject: Subject,
  tokensOf: (server: number) => readonly string[],
  each: number,
): Promise<{ listeners: Listeners[]; line: string }> {
  const before = subject.pids.map((pid) => lookAt(pid).memory);
  const listeners = subject.ports.map(() => new Listeners());
  const began = performance.now();
  await Promise.all(
    listeners.map((one, index) => one.open(subject.wire, subject.ports[index]!, PATH, tokensOf(index), each)),
  );
  const opened = (performance.now() - began) / 1_000;
  await sleep(15_000);
  const streams = subject.pids.reduce((sum, _, index) => sum + tokensOf(index).length * each, 0);
  const idle = subject.pids.map((pid) => lookAt(pid));
  await sleep(10_000);
  const grown = idle.reduce((sum, { memory }, index) => sum + memory - before[index]!, 0);
  const busy = subject.pids.reduce((sum, pid, index) => sum + lookAt(pid).cpu - idle[index]!.cpu, 0);
  const line = `${subject.name}: ${streams.toLocaleString('en')} streams opened in ${opened.toFixed(0)} s, ${(grown / streams / 1_000).toFixed(1)} kB each, idle at ${(busy * 10).toFixed(1)} % of a core`;
  return { listeners, line };
}

/** Measures streams, at the small scale with 2,000 of them, at the full one with 50,000. */
export async function benchRealtime(scale: 'small' | 'full', servers: Servers, shutdown: Shutdown): Promise<void> {
  const size = sizes[scale];
  const world = await productWorld(size, servers, shutdown);
  const tell = (line: string) => console.log(line);
  tell('| what | server | deliveries | p50 ms | p95 ms | p99 ms | CPU us each | ended |');
  tell('| --- | --- | --- | --- | --- | --- | --- | --- |');
  const close = async (listeners: readonly Listeners[]) => {
    listeners.forEach((one) => one.close());
    await sleep(5_000);
  };
  const thin = [await bareSubject(size.servers, shutdown), await socketIoSubject(size.servers, shutdown, say)];
  for (const subject of [...thin, world.subject]) {
    say(`${subject.name}: one message a second to everybody`);
    const all = await fill(subject, () => [world.everybody], size.streams);
    say(all.line);
    const told = await measured(all.listeners, subject, () => atRate(1, size.seconds, () => subject.tell(0, 1)));
    tell(row('1 message a second to all', subject.name, told));
    await close(all.listeners);
    say(`${subject.name}: ${CROWD * MESSAGES_A_SECOND} deliveries a second in one process`);
    const crowd = new Listeners();
    await crowd.open(subject.wire, subject.ports[0]!, PATH, [world.crowd], CROWD);
    const full = await measured([crowd], subject, () =>
      atRate(MESSAGES_A_SECOND, size.seconds, () => subject.tell(1, 1)),
    );
    tell(row(`${CROWD * MESSAGES_A_SECOND} deliveries a second`, subject.name, full));
    await close([crowd]);
  }
  say(`${RATE} commits a second, each to ${size.listenersEach} listeners`);
  const groups = await fill(world.subject, world.tokensOf, size.listenersEach);
  say(`${groups.line} (in organizations of ${size.listenersEach})`);
  const organizations = size.servers * Math.ceil(size.streams / size.listenersEach);
  let failed = 0;
  const committed = await measured(groups.listeners, world.subject, () =>
    atRate(RATE, size.seconds, (index) => world.record((index * 7) % organizations).catch(() => failed++)),
  );
  tell(row(`${RATE} commits a second`, 'innkeep, from the commit', committed));
  if (failed > 0) say(`${failed} commits failed: the database did not keep up`);
  await close(groups.listeners);
  for (const how of ['stop', 'kill'] as const) say(await measureReturn(world, how, size.listenersEach));
}
