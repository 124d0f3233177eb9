import { allTouches, features } from '@innkeep/assembly';
import { asksOf } from '@innkeep/platform/edge';
import { readLog, recordedEvent } from './comparing';
import type { Proving } from './proof';
import type { ProofDatabase } from './proof-database';

/** How many purges of pages that the events changed were never asked for; for a system in which nobody confirms them. */
export async function countForgottenPurges(database: ProofDatabase, { say }: Proving): Promise<number> {
  const rows = await database.asAdmin<{ ask: string }>(
    "select organization_id || ' ' || tag as ask from edge.purge_asks",
  );
  const asked = new Set(rows.map(({ ask }) => ask));
  const expected = asksOf((await readLog(database)).map(recordedEvent), allTouches(features).tagsOf);
  const forgotten = expected.filter(({ organizationId, tag }) => !asked.has(`${organizationId} ${tag}`));
  if (forgotten.length > 0) say(`never asked for: ${forgotten.map(({ tag }) => tag).join(', ')}`);
  return forgotten.length;
}
