// Child processes: started in a group of their own, stopped patiently, recognised when an earlier start left them behind.
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const isWindows = process.platform === 'win32';
const rotateAt = 10 * 1024 * 1024;

/** The command line of a live process, or an empty string when there is none (a zombie has none either). */
export async function commandOf(pid) {
  if (!Number.isInteger(pid) || pid < 1) return '';
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.replaceAll('\0', ' ').trim();
  }
  try {
    if (isWindows) return execFileSync('tasklist', ['/fi', `PID eq ${pid}`, '/nh', '/fo', 'csv'], { encoding: 'utf8' });
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Opens a log file for appending; a long one is set aside first. */
export async function openLog(file) {
  await mkdir(dirname(file), { recursive: true });
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > rotateAt) await rename(file, `${file}.1`);
  return open(file, 'a');
}

/** The last lines of a log, of what was written behind `offset`. */
export async function tailOf(file, { lines = 15, offset = 0 } = {}) {
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  return bytes.subarray(offset).toString().trimEnd().split('\n').slice(-lines).join('\n');
}

/**
 * Starts a process. `exited` resolves when it has ended; `stop` asks, waits, and at last kills.
 * Detached, because Ctrl-C in a terminal goes to the whole foreground group, and the order of stopping is ours to keep.
 */
export function launch(command, args, { stopSignal = 'SIGTERM', patience = 12_000, ...options } = {}) {
  const child = spawn(command, args, { detached: !isWindows, windowsHide: true, ...options });
  const exited = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, signal: null, error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return exited;
    child.kill(stopSignal);
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    const result = await exited;
    clearTimeout(timer);
    return result;
  };
  return { child, pid: child.pid, exited, stop, kill: () => child.kill('SIGKILL') };
}

/** Ends a process that is not our child and waits until it is gone. */
export async function endProcess(pid, signal = 'SIGTERM', patience = 15_000) {
  const send = (name) => {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  };
  send(signal);
  const deadline = Date.now() + patience;
  while ((await commandOf(pid)) !== '') {
    if (Date.now() > deadline) {
      send('SIGKILL');
      await sleep(500);
      return;
    }
    await sleep(50);
  }
}

/** Notes a process in `folder`, with words of its command line by which a later start recognises it. */
export async function recordProcess(folder, name, pid, marker) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.json`), JSON.stringify({ pid, marker }));
}

/** Forgets a process that has been stopped. */
export const forgetProcess = (folder, name) => rm(join(folder, `${name}.json`), { force: true });

/** Ends what an earlier start left running because it was killed; answers with the names. */
export async function endLeftovers(folder) {
  const ended = [];
  for (const file of await readdir(folder).catch(() => [])) {
    if (!file.endsWith('.json')) continue;
    const { pid, marker } = await readFile(join(folder, file), 'utf8')
      .then(JSON.parse)
      .catch(() => ({}));
    // The number may belong to somebody else by now.
    if (marker && (await commandOf(pid)).includes(marker)) {
      await endProcess(pid);
      ended.push(file.slice(0, -'.json'.length));
    }
    await rm(join(folder, file), { force: true });
  }
  return ended;
}
