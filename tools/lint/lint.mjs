// `npm run lint`: format, rules, and a proof that the boundary between features is really guarded.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
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

function run(package_, script, args, options = {}) {
  const program = join(root, 'node_modules', package_, script);
  return spawnSync(process.execPath, [program, ...args], { cwd: root, env, stdio: 'inherit', ...options });
}

const nx = (args, options) => run('nx', 'dist/bin/nx.js', args, options);

function require_(what, { status }) {
  if (status !== 0) throw new Trouble(`${what}.`);
}

/** The boundary rule is silent when there is no project graph, so that a lint which finds nothing proves nothing by itself. */
function provePlantedViolation() {
  const { name } = JSON.parse(readFileSync(join(feature, 'project.json'), 'utf8'));
  const remove = () => rmSync(planted.file, { force: true });
  process.once('exit', remove);
  writeFileSync(planted.file, planted.text);
  try {
    const args = ['run', `${name}:lint`, '--skip-nx-cache', '--output-style=static'];
    const { status, stdout, stderr } = nx(args, { stdio: 'pipe', encoding: 'utf8' });
    const output = `${stdout}${stderr}`;
    if (status !== 0 && output.includes(rule) && output.includes('planted-violation')) return;
    throw new Trouble(`A feature that imports another feature was not reported by ${rule}:\n${output}`);
  } finally {
    remove();
  }
}

try {
  await ensureDependencies();
  console.log('Format');
  require_(
    'Some files are not formatted: npm run format',
    run('prettier', 'bin/prettier.cjs', ['--check', '.', '--log-level', 'warn']),
  );
  console.log('Project graph');
  require_('The project graph cannot be made', nx(['show', 'projects']));
  console.log('Rules');
  require_('The rules are broken', nx(['run-many', '-t', 'lint', '--output-style=static']));
  console.log('Planted violation');
  provePlantedViolation();
  console.log(`  caught by ${rule}, as it must be`);
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
