// Runs the compiled tools (dist/tools/<name>/main.js) that prepare an installation.
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { launch } from './processes.mjs';
import { Trouble } from './progress.mjs';
import { inheritedEnvironment } from './apps.mjs';
import { root } from './settings.mjs';

/** Runs a tool to its end and answers with what it wrote to standard output; its words are shown when it fails. */
export async function runTool(name, args, { env = {}, logFile, shutdown }) {
  const program = join(root, `dist/tools/${name}/main.js`);
  const tool = launch(process.execPath, ['--enable-source-maps', program, ...args], {
    env: { ...inheritedEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const done = shutdown.add(tool.stop, tool.kill);
  let output = '';
  let all = '';
  tool.child.stdout.on('data', (chunk) => ((output += chunk), (all += chunk)));
  tool.child.stderr.on('data', (chunk) => (all += chunk));
  const { code, signal } = await tool.exited;
  done();
  await mkdir(dirname(logFile), { recursive: true });
  await appendFile(logFile, `--- ${name}\n${all}`);
  if (code === 0) return output;
  const tail = all.trimEnd().split('\n').slice(-20).join('\n');
  throw new Trouble(`The tool "${name}" failed (${signal ?? `exit code ${code}`}):\n${tail}`);
}
