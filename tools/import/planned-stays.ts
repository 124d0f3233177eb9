import type { ExternalReferences } from './external-reference';
import { readBookings, type RowPlace } from './bookings-file';
import { judgeRow, type NotStayed, type Stay } from './bookings-row';
import type { Tally } from './tally';

/** A booking of the file that is to be recorded: a stay, with a revenue if it brought any, or a cancellation. */
export type PlannedStay = (Stay | NotStayed) & RowPlace & { readonly externalReference: string };

/** What the stay brought; nothing if nobody came. */
export const revenueOf = (stay: PlannedStay): number => ('amountCents' in stay ? stay.amountCents : 0);

export interface PlanOptions {
  readonly file: string;
  readonly limit: number;
  readonly references: ExternalReferences;
  readonly tally: Tally;
  readonly onBadRow: (line: number, reason: string) => void;
}

/** Reads the file, counts what it holds and yields what is to be recorded. */
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
    if (verdict.kind === 'bad') {
      reject(row.line, verdict.reason);
      continue;
    }
    if (verdict.kind === 'not-stayed') tally.notStayed += 1;
    else if (verdict.stay.amountCents > 0) tally.withRevenue += 1;
    else tally.withoutRevenue += 1;
    const planned = verdict.kind === 'stay' ? verdict.stay : verdict.booked;
    if (!planned) continue;
    const { line, bytes } = row;
    yield { ...planned, line, bytes, externalReference: references.next(row.booking) };
    if (tally.withRevenue >= limit) return;
  }
}
