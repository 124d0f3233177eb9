import type { Finding } from './experiment';

const verdict = ({ isMet }: Finding) => (isMet === undefined ? '' : isMet ? 'PASS' : 'MISS');

/** What was found out about the event log, as a table that can be pasted into a page. */
export function findingsTable(findings: readonly Finding[]): string {
  const lines = [
    ['what', 'of', 'figure', 'target', ''],
    ...findings.map((finding) => [
      finding.what,
      finding.subject,
      finding.figure,
      finding.target ?? '',
      verdict(finding),
    ]),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(4, ...lines.map((line) => line[column]!.length)));
  const rows = lines.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`);
  return [rows[0]!, rows[0]!.replace(/[^|]/g, '-'), ...rows.slice(1)].join('\n');
}
