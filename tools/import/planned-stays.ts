import type { ExternalReferences } from './external-reference';
import { readBookings, type RowPlace } from './bookings-file';
import { judgeRow, type Stay } from './bookings-row';
import type { Tally } from './tally';

/** A stay of the file that is to become a revenue. */
export interface PlannedStay extends Stay, RowPlace {
  readonly externalReference: string;
}

export interface PlanOptions {
  readonly file: string;
  readonly limit: number;
  readonly references: ExternalReferences;
  readonly tally: Tally;
  readonly onBadRow: (line: number, reason: string) => void;
}

/** Reads the file, counts what it holds and yields the stays that bring revenue. */
export async function* planStays({
  file,
  limit,
  references,
  tally,
  onBadRow,
}: PlanOptions): AsyncGenerator<PlannedStay> {
  const reject = (line: number, reason: string): void => {
    tally.bad += 1;
    onBadRow(line, reason);
  };
  for await (const row of readBookings(file)) {
    tally.read += 1;
    if ('malformed' in row) {
      reject(row.line, row.malformed);
      continue;
    }
    const verdict = judgeRow(row.booking);
    if (verdict.kind === 'bad') reject(row.line, verdict.reason);
    if (verdict.kind === 'not-stayed') tally.notStayed += 1;
    if (verdict.kind === 'no-revenue') tally.withoutRevenue += 1;
    if (verdict.kind !== 'revenue') continue;
    tally.withRevenue += 1;
    const { line, bytes } = row;
    yield { ...verdict.stay, line, bytes, externalReference: references.next(row.booking) };
    if (tally.withRevenue >= limit) return;
  }
}
