// Stopping in the reverse order of starting, whoever asks for it and however often.
import { explain, say } from './progress.mjs';

/** npm passes on the Ctrl-C that the terminal has already given to everyone: two within this time are one. */
const sameKeystroke = 700;

/** A signal sent to npm ends the shell that npm runs us in, and does not reach us. */
function noticeLostParent(onLost) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onLost();
  }, 300);
  timer.unref();
}

/**
 * Collects what must be undone. `stop` runs what there is, last first, each once; signals call `onSignal` once,
 * and a second one kills what is left and leaves.
 */
export function prepareShutdown(onSignal) {
  const steps = [];
  let stopping;
  let askedAt = 0;
  const shutdown = {
    /** Has stopping been asked for, by a signal or by a failure? */
    requested: false,
    /** Adds a step; `kill` is its rough form for somebody who does not want to wait. */
    add(undo, kill) {
      const entry = { undo, kill };
      steps.push(entry);
      return () => steps.splice(steps.indexOf(entry), 1);
    },
    stop() {
      shutdown.requested = true;
      stopping ??= (async () => {
        while (steps.length > 0) {
          const entry = steps.at(-1);
          await entry.undo().catch((error) => say(explain(error)));
          const index = steps.indexOf(entry);
          if (index >= 0) steps.splice(index, 1);
        }
      })().finally(() => (stopping = undefined));
      return stopping;
    },
  };
  const ask = (signal) => {
    askedAt = Date.now();
    shutdown.requested = true;
    onSignal(signal);
  };
  noticeLostParent(() => askedAt === 0 && ask('SIGTERM'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (askedAt === 0) {
        ask(signal);
      } else if (Date.now() - askedAt > sameKeystroke) {
        say('Killed.');
        for (const { kill } of steps.reverse()) kill?.();
        process.exit(130);
      }
    });
  }
  return shutdown;
}
