// Prints what `npm audit` knows, and fails only on a high or critical finding that an update within our ranges would fix:
// the rest is nothing that a change of ours could be kept waiting for.
import { spawnSync } from 'node:child_process';

const grave = new Set(['high', 'critical']);
const shell = process.platform === 'win32';

/** Would an update that package.json allows already fix it? */
const isFixable = ({ fixAvailable }) => fixAvailable === true || fixAvailable?.isSemVerMajor === false;

function audit() {
  const { stdout } = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8', shell, maxBuffer: 64 * 1024 * 1024 });
  try {
    return JSON.parse(stdout);
  } catch {
    return { message: 'npm audit gave no answer' };
  }
}

const { vulnerabilities, message, error } = audit();
if (!vulnerabilities) {
  // Not every registry offers it, and a registry that is down says nothing about us.
  console.log(`No audit: ${message ?? error?.summary ?? error?.code ?? 'the registry does not offer it'}`);
  process.exit(0);
}

const findings = Object.values(vulnerabilities);
for (const finding of findings) {
  const note = isFixable(finding)
    ? 'an update within our ranges fixes it: npm audit fix'
    : 'no update within our ranges';
  console.log(`${finding.severity.padEnd(8)} ${finding.name} ${finding.range} (${note})`);
}
const failing = findings.filter((finding) => grave.has(finding.severity) && isFixable(finding));
console.log(`${findings.length} found, ${failing.length} of them high or critical and fixable now.`);
if (failing.length > 0) process.exit(1);
