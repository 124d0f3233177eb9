import { type Measured, P99_TARGET_MS, type Verdict } from './measure';

const milliseconds = (value: number) => (value < 10 ? value.toFixed(1) : value.toFixed(0));
const percent = (share: number) => `${Math.round(share * 100)} %`;

function row(name: string, { server, rps, p50, p95, p99 }: Measured, ratio: string): string {
  const figures = [Math.round(rps).toLocaleString('en'), ...[p50, p95, p99].map(milliseconds), ratio];
  return `| ${name.padEnd(31)} | ${server.padEnd(27)} | ${figures.map((figure) => figure.padStart(7)).join(' | ')} |`;
}

function verdictLine({ name, product, ratios, target, p99, isMet }: Verdict): string {
  const share =
    target === undefined ? 'no target for the ratio' : `${percent(ratios[0]!)} (target ${percent(target)} or more)`;
  const result = isMet ? 'PASS' : 'MISS';
  if (p99)
    return `${result}  ${name}: ${share}, p99 ${percent(p99.ratio)} of the quiet one's (target ${percent(p99.most)} or less)`;
  return `${result}  ${name}: ${share}, p99 ${milliseconds(product.p99)} ms (target under ${P99_TARGET_MS} ms)`;
}

/** The figures as a table that can be pasted into a page, and what they say about the targets. */
export function resultsTable(verdicts: readonly Verdict[]): string {
  const titles = ['rps', 'p50 ms', 'p95 ms', 'p99 ms', 'ratio'].map((title) => title.padStart(7)).join(' | ');
  const header = `| ${'what'.padEnd(31)} | ${'server'.padEnd(27)} | ${titles} |`;
  const rule = header.replace(/[^|]/g, '-');
  const rows = verdicts.flatMap(({ name, product, yardsticks, ratios }) => [
    row(name, product, ''),
    ...yardsticks.map((yardstick, index) => row('', yardstick, percent(ratios[index]!))),
  ]);
  return [header, rule, ...rows, '', ...verdicts.map(verdictLine)].join('\n');
}
