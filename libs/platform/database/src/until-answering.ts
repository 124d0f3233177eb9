import { setTimeout as sleep } from 'node:timers/promises';
import { isUnavailable } from './unavailable';

/** A database that is itself being started, or moved, answers within a minute; one that does not is not going to. */
const WITHIN_MS = 60_000;
const PAUSE_MS = 500;

/**
 * For what a process needs before it can work: asks again while the database cannot be reached. Machines that start together start
 * in any order, and a process that ended would only be started again.
 * @throws the last error, once the minute is over; any other error at once
 */
export async function untilAnswering<T>(ask: () => Promise<T>, withinMs = WITHIN_MS): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isUnavailable(error) || performance.now() > deadline) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
