import { setTimeout as sleep } from 'node:timers/promises';

/** Seldom enough that waiting does not slow down what is waited for. */
const LONGEST_PAUSE_MS = 150;

/**
 * Repeats an assertion until it holds, for at most `seconds`; then fails with its last error. The deadline only keeps a broken test
 * from hanging: how fast something becomes true is not asserted.
 */
export async function eventually<T>(assertion: () => T | Promise<T>, seconds = 60): Promise<T> {
  const deadline = performance.now() + seconds * 1_000;
  for (let pause = 10; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(pause);
    }
  }
}
