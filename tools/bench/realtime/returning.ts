import { setTimeout as sleep } from 'node:timers/promises';
import { Listeners } from './listeners';
import { PATH, type World } from './world';

/** So many come back to a server that was started again. */
const RETURNING = 2_000;

/** How long a server is gone, and how long it takes until all of its clients are back. */
export async function measureReturn(world: World, how: 'stop' | 'kill', each: number): Promise<string> {
  const listeners = new Listeners();
  const tokens = world.tokensOf(0).slice(0, RETURNING / each);
  await listeners.open('events', world.subject.ports[0]!, PATH, tokens, each);
  await listeners.comeBack();
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1_000).toFixed(1);
  await world.restart(0, how);
  const restarted = seconds();
  while ((await listeners.count()) < tokens.length * each) await sleep(50);
  const verb = how === 'stop' ? 'ended in order' : 'killed';
  const told = `${tokens.length * each} streams back ${seconds()} s after the API was ${verb}; it was there again after ${restarted} s`;
  listeners.close();
  await sleep(2_000);
  return told;
}
