// One app under supervision: its lines go to a log file, its warnings to the terminal, and when it dies it is started again.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { forgetProcess, launch, openLog, recordProcess, tailOf } from './processes.mjs';
import { say, Trouble } from './progress.mjs';

const mostRestarts = 5;
const longestPause = 16_000;
/** An app that ran this long is healthy again: its earlier deaths no longer count. */
const healthyAfter = 60_000;
/** A message that repeats itself is shown once in this time. */
const quietFor = 10_000;
/** pino's levels, from the one on from which lines are shown; as names or as numbers, as the app writes them. */
const shownLevels = { warn: 'WARN', error: 'ERROR', fatal: 'FATAL', 40: 'WARN', 50: 'ERROR', 60: 'FATAL' };

/** A log line as the terminal shows it, or undefined when it is an ordinary one. */
export function worthShowing(line, fromErrors = false) {
  let entry;
  try {
    entry = JSON.parse(line);
  } catch {
    return fromErrors && line.trim() ? line : undefined;
  }
  const level = shownLevels[entry?.level];
  if (!level) return undefined;
  const reason = entry.err?.message ?? entry.error?.message;
  const words = [entry.msg, reason !== entry.msg && reason].filter(Boolean).join(': ');
  return `${level} ${words || line}`;
}

/** Supervises one app. `spec`: name, args, env, url, logFile, record. `onGivenUp` is told when it keeps dying. */
export function superviseApp(spec, onGivenUp) {
  const { name, args, env, url, logFile, record } = spec;
  let current;
  let stopping = false;
  let deaths = 0;
  let turn = 0;
  let offset = 0;
  let last = { text: '', at: 0 };

  async function start() {
    const log = await openLog(logFile);
    offset = (await log.stat()).size;
    const startedAt = Date.now();
    const ownTurn = ++turn;
    current = launch(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    await recordProcess(record, name, current.pid, args.at(-1));
    const drained = [current.child.stdout, current.child.stderr].map((stream) =>
      follow(stream, log, stream === current.child.stderr),
    );
    const closed = Promise.all([current.exited, ...drained]).then(async ([result]) => {
      await log.close();
      await forgetProcess(record, name);
      return result;
    });
    current.closed = closed;
    void closed.then((result) => died(result, startedAt, ownTurn));
  }

  async function follow(stream, log, fromErrors) {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      await log.appendFile(`${line}\n`);
      const shown = worthShowing(line, fromErrors);
      if (!shown || stopping || (shown === last.text && Date.now() - last.at < quietFor)) continue;
      last = { text: shown, at: Date.now() };
      say(`  ${name} | ${shown}`);
    }
  }

  async function died({ code, signal }, startedAt, ownTurn) {
    if (stopping || app.restarting) return;
    app.dead = true;
    deaths = Date.now() - startedAt > healthyAfter ? 1 : deaths + 1;
    say(`  ✗ The ${name} ended (${signal ?? `exit code ${code}`}). The end of ${logFile}:`);
    say((await tailOf(logFile, { offset })).replace(/^/gm, '      '));
    // Until it has been ready once, starting it again would only repeat the failure.
    if (!app.wasReady || deaths > mostRestarts) return onGivenUp(name);
    const pause = Math.min(500 * 2 ** deaths, longestPause);
    say(`  ↻ The ${name} is started again in ${pause / 1000} s (${deaths} of ${mostRestarts}).`);
    await sleep(pause);
    // A restart asked for meanwhile has come first.
    if (stopping || turn !== ownTurn) return;
    app.dead = false;
    await start();
  }

  const app = {
    name,
    start,
    wasReady: false,
    dead: false,
    restarting: false,
    async isReady() {
      if (app.dead || stopping) throw new Trouble(`The ${name} did not start.`);
      const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) app.wasReady = true;
      return answer?.ok === true;
    },
    async restart() {
      app.restarting = true;
      await current.stop();
      await current.closed;
      Object.assign(app, { restarting: false, dead: false });
      deaths = 0;
      if (!stopping) await start();
    },
    async stop() {
      stopping = true;
      const result = await current?.stop();
      await current?.closed;
      if (result?.signal === 'SIGKILL') say(`  ! The ${name} did not stop when asked to, and was killed.`);
    },
    kill: () => current?.kill(),
  };
  return app;
}
