// What the person at the terminal sees: one line for each step, and a sign of life while one takes long.

/** A failure whose message is meant for the person at the terminal; it is shown without a stack. */
export class Trouble extends Error {}

const live = process.stdout.isTTY && !process.env.CI;
const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1);

/** Prints a line of its own. */
export function say(line = '') {
  if (live) process.stdout.write('\r\x1b[2K');
  process.stdout.write(`${line}\n`);
}

/** Repeats `label` with the elapsed seconds until the returned function is called. */
export function showElapsed(label) {
  const started = Date.now();
  const show = () => {
    const line = `  … ${label} (${Math.round((Date.now() - started) / 1000)} s)`;
    if (live) process.stdout.write(`\r\x1b[2K${line}`);
    else console.log(line);
  };
  if (live) show();
  const timer = setInterval(show, live ? 1000 : 5000);
  return () => {
    clearInterval(timer);
    if (live) process.stdout.write('\r\x1b[2K');
  };
}

/** Runs one step; what it returns (when it is a string) is added to the line that says it is done. */
export async function step(label, work) {
  const started = Date.now();
  const done = showElapsed(label);
  try {
    const detail = await work();
    done();
    say(`  ✓ ${label}${typeof detail === 'string' && detail ? `: ${detail}` : ''} (${seconds(started)} s)`);
  } catch (error) {
    done();
    throw error;
  }
}

/** The message of a Trouble, the stack of anything else: what nobody foresaw needs its origin. */
export function explain(error) {
  return error instanceof Trouble ? error.message : (error?.stack ?? String(error));
}
