// `npm run lint`: format, rules, and a proof that the boundary between features is really guarded.
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies } from '../start/dependencies.mjs';
import { explain, Trouble } from '../start/progress.mjs';
import { root } from '../start/settings.mjs';

const rule = '@nx/enforce-module-boundaries';
/** A file of one feature that imports another: what nobody may do. */
const feature = join(root, 'libs/features/properties');
const planted = {
  file: join(feature, 'src/planted-violation.ts'),
  text: "import * as finance from '@innkeep/features/finance';\nexport const violation = finance;\n",
};
// Without the daemon a run stands for itself, and leaves no process behind.
const env = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true' };

/** Runs a program of our dependencies; answers with its exit code, and with what it said unless that is shown. */
function run(package_, script, args, { shows = true } = {}) {
  const program = join(root, 'node_modules', package_, script);
  const child = spawn(process.execPath, [program, ...args], { cwd: root, env, stdio: shows ? 'inherit' : 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}

const eslint = (args, options) => run('eslint', 'bin/eslint.js', args, options);

async function require_(what, running) {
  const { status } = await running;
  if (status !== 0) throw new Trouble(`${what}.`);
}

const checkFormat = () =>
  require_(
    'Some files are not formatted: npm run format',
    run('prettier', 'bin/prettier.cjs', ['--check', '.', '--log-level', 'warn']),
  );

/** The boundary rule is silent when there is no project graph, so that a lint which finds nothing proves nothing by itself. */
async function provePlantedViolation() {
  const remove = () => rmSync(planted.file, { force: true });
  process.once('exit', remove);
  writeFileSync(planted.file, planted.text);
  try {
    const { status, output } = await eslint([planted.file], { shows: false });
    if (status !== 0 && output.includes(rule) && output.includes('planted-violation')) return;
    throw new Trouble(`A feature that imports another feature was not reported by ${rule}:\n${output}`);
  } finally {
    remove();
  }
}

try {
  await ensureDependencies();
  console.log('Project graph, and format');
  await Promise.all([
    require_('The project graph cannot be made', run('nx', 'dist/bin/nx.js', ['show', 'projects'], { shows: false })),
    checkFormat(),
  ]);
  console.log('Planted violation');
  await provePlantedViolation();
  console.log(`  caught by ${rule}, as it must be`);
  console.log('Rules');
  // All projects at once: a process for each would load the rules and resolve the same imports thirty times.
  await require_('The rules are broken', eslint(['.']));
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
