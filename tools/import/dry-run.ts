import { ExternalReferences } from './external-reference';
import { planStays, revenueOf } from './planned-stays';
import { grouped, summarizePlan } from './summary';
import { Tally } from './tally';

const badRowsShown = 20;

/** Says what an import of the file would record, without calling anything. */
export async function dryRun(
  { file, limit, source }: { file: string; limit: number; source: string },
  print: (text: string) => void,
): Promise<Tally> {
  const tally = new Tally();
  const centsByMonth = new Map<string, number>();
  const onBadRow = (line: number, reason: string): void => {
    if (tally.bad <= badRowsShown) print(`line ${line}: ${reason}\n`);
  };
  const references = new ExternalReferences(source);
  for await (const stay of planStays({ file, limit, references, tally, onBadRow })) {
    const cents = revenueOf(stay);
    if (cents === 0) continue;
    const month = stay.arrivalOn.slice(0, 7);
    centsByMonth.set(month, (centsByMonth.get(month) ?? 0) + cents);
    tally.totalCents += cents;
  }
  if (tally.bad > badRowsShown) print(`... and ${grouped(tally.bad - badRowsShown)} more bad rows\n`);
  print(`Dry run: nothing was sent.\n${summarizePlan(tally, centsByMonth)}`);
  return tally;
}
