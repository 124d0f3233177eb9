import type { Tally } from './tally';

export const grouped = (count: number): string => count.toLocaleString('en-US');

/** The closing lines of an import. */
export function summarize(tally: Tally, { currency, approve }: { currency: string; approve: boolean }): string {
  const rows: [string, number][] = [
    ...fileRows(tally),
    ['stays and cancellations recorded', tally.staysRecorded],
    ['stays and cancellations already known', tally.staysKnown],
    ['stays and cancellations refused', tally.staysRefused],
    ['revenues recorded', tally.recorded],
    ['revenues already known', tally.known],
    ['revenues refused', tally.refused],
  ];
  if (approve) rows.push(['revenues approved now', tally.approved], ['approvals refused', tally.approvalsRefused]);
  rows.push([`total recorded and known (cents, ${currency})`, tally.totalCents]);
  return table(rows) + mixedHint(tally);
}

/** The closing lines of a dry run. */
export function summarizePlan(tally: Tally, centsByMonth: ReadonlyMap<string, number>): string {
  const months = [...centsByMonth].sort(([one], [other]) => one.localeCompare(other));
  const rows: [string, number][] = [
    ...fileRows(tally),
    ['revenues it would record', tally.withRevenue],
    ['total (cents)', tally.totalCents],
    ...months.map(([month, cents]): [string, number] => [`  ${month}`, cents]),
  ];
  return table(rows);
}

function fileRows(tally: Tally): [string, number][] {
  return [
    ['bookings read', tally.read],
    ['  stays', tally.withRevenue + tally.withoutRevenue],
    ['    of these without revenue', tally.withoutRevenue],
    ['  cancelled or no-show', tally.notStayed],
    ['  bad rows', tally.bad],
  ];
}

function table(rows: readonly [string, number][]): string {
  const labels = Math.max(...rows.map(([label]) => label.length));
  const counts = Math.max(...rows.map(([, count]) => grouped(count).length));
  return rows.map(([label, count]) => `${label.padEnd(labels)}  ${grouped(count).padStart(counts)}\n`).join('');
}

function mixedHint({ recorded, known }: Tally): string {
  if (recorded === 0 || known === 0) return '';
  return 'Some revenues were known from an earlier run or another file; "Equal rows" in docs/guides/import-bookings.md says when that is wrong.\n';
}
