import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Repeats an assertion until it holds, for at most `seconds`; then fails with its last error. The deadline only keeps a broken test
 * from hanging: how fast something becomes true is not asserted.
 */
export async function eventually<T>(assertion: () => T | Promise<T>, seconds = 60): Promise<T> {
  const deadline = performance.now() + seconds * 1_000;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(20);
    }
  }
}
