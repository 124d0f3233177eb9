import { type Socket, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WireName, wireOf } from './wires';

/** What a process of listeners is told to do. */
export type ListenersOrder =
  | {
      readonly do: 'open';
      readonly wire: WireName;
      readonly port: number;
      readonly path: string;
      readonly tokens: readonly string[];
      readonly each: number;
    }
  | { readonly do: 'begin' | 'end' | 'return' | 'count' };

/** What it has seen: deliveries by their age in milliseconds, and connections that ended. */
export interface Seen {
  readonly ages: readonly (readonly [age: number, count: number])[];
  readonly ended: number;
}

/** Runs as a process of its own: holds streams on bare sockets and reads of each message only when it was recorded. */

const MARK = '"recordedAt":"';
const STAMP = 24;
const LONGEST_MS = 60_000;
/** So many are opened at once, so that no server is measured by its backlog. */
const AT_ONCE = 100;

const ages = new Uint32Array(LONGEST_MS);
let ended = 0;
let isMeasuring = false;
/** Whoever is thrown out comes back. */
let isReturning = false;
let held = 0;
let [lastStamp, lastTime] = ['', 0];

function timeOf(stamp: string): number {
  if (stamp !== lastStamp) [lastStamp, lastTime] = [stamp, Date.parse(stamp)];
  return lastTime;
}

/** Notes the messages in a piece; answers what of it may be the beginning of another. */
function note(text: string): string {
  let at = text.indexOf(MARK);
  let seen = 0;
  while (at >= 0 && at + MARK.length + STAMP <= text.length) {
    seen = at + MARK.length + STAMP;
    const age = Date.now() - timeOf(text.slice(at + MARK.length, seen));
    if (isMeasuring) ages[Math.max(0, Math.min(LONGEST_MS - 1, age))]!++;
    at = text.indexOf(MARK, seen);
  }
  return text.slice(Math.max(seen, text.length - MARK.length - STAMP));
}

interface Where {
  readonly wire: WireName;
  readonly port: number;
  readonly path: string;
  readonly token: string;
  readonly source: string;
}

function open(where: Where): Promise<void> {
  const { port, path, token, source } = where;
  return new Promise((resolve, reject) => {
    const wire = wireOf(where.wire, path, token);
    const socket: Socket = connect({ port, host: '127.0.0.1', localAddress: source });
    let rest = '';
    let isOpen = false;
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error('closed before it was open'));
      if (!isOpen) return;
      held--;
      ended++;
      if (isReturning) void comeBack(where);
    });
    socket.on('connect', () => socket.write(wire.hello));
    socket.on('data', (chunk: Buffer) => {
      const text = rest + chunk.toString('latin1');
      const answer = wire.answer?.(text);
      if (answer) socket.write(answer);
      if (isOpen) return void (rest = note(text));
      rest = text;
      if (/^HTTP\/1\.1 [345]/.test(text)) return reject(new Error(text.slice(0, 300)));
      if (!wire.isOpen(text)) return;
      [isOpen, rest] = [true, ''];
      held++;
      resolve();
    });
  });
}

/** Tries until it is let in, each time after a while of its own, as clients do. */
async function comeBack(where: Where): Promise<void> {
  for (;;) {
    await sleep(500 + Math.random() * 2_500);
    const isBack = await open(where).then(
      () => true,
      () => false,
    );
    if (isBack) return;
  }
}

async function openAll({ wire, port, path, tokens, each }: Extract<ListenersOrder, { do: 'open' }>): Promise<void> {
  const wanted = tokens.flatMap((token) => Array<string>(each).fill(token));
  let next = 0;
  const worker = async () => {
    // Several source addresses: one has ports for some 28,000 connections to one server only.
    for (let index = next++; index < wanted.length; index = next++)
      await open({ wire, port, path, token: wanted[index]!, source: `127.0.0.${2 + (index % 4)}` });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

process.on('message', (order: ListenersOrder) => {
  if (order.do === 'open') {
    openAll(order).then(
      () => process.send!('open'),
      (error: Error) => process.send!({ error: error.message }),
    );
  } else if (order.do === 'return') {
    isReturning = true;
    process.send!('returning');
  } else if (order.do === 'count') {
    process.send!(held);
  } else if (order.do === 'begin') {
    ages.fill(0);
    [ended, isMeasuring] = [0, true];
    process.send!('begun');
  } else {
    isMeasuring = false;
    const seen: Seen = { ages: [...ages].flatMap((count, age) => (count > 0 ? [[age, count] as const] : [])), ended };
    process.send!(seen);
  }
});
process.once('disconnect', () => process.exit(0));
