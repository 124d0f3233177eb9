import type { ApiClient, Property, RevenueItem, RevenueResult } from './api-client';
import { arrivalInstants } from './arrival-instant';
import { ImportStopped } from './import-stopped';
import type { PlannedStay } from './planned-stays';
import type { Progress } from './progress';
import { grouped } from './summary';
import type { Tally } from './tally';

export interface ImportTask {
  readonly client: ApiClient;
  readonly property: Property;
  readonly approve: boolean;
  readonly progress: Progress;
  readonly tally: Tally;
}

/** Half of what the routes take: small enough to see progress, large enough to be about throughput and not round trips. */
const batchSize = 500;

/** Records the stays in batches and approves what they left pending, batch by batch, so that an interrupted run leaves little undone. */
export async function importStays(stays: AsyncIterable<PlannedStay>, task: ImportTask): Promise<void> {
  const toItem = itemsFor(task.property);
  let batch: PlannedStay[] = [];
  const flush = async (): Promise<void> => {
    const last = batch.at(-1);
    if (!last) return;
    const pending = await record(batch, toItem, task);
    if (task.approve) await approve(pending, task);
    task.progress.advance(last.bytes, stateOf(task));
    batch = [];
  };
  for await (const stay of stays) {
    batch.push(stay);
    if (batch.length >= batchSize) await flush();
  }
  await flush();
}

function itemsFor(property: Property): (stay: PlannedStay) => RevenueItem {
  const { currency } = property;
  if (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits !== 2) {
    throw new ImportStopped(`rates have two decimals, but ${currency}, the currency of ${property.name}, does not`);
  }
  const instantOf = arrivalInstants(property);
  return ({ arrivalOn, nights, amountCents, externalReference }) => ({
    propertyId: property.id,
    amountCents,
    description: `Stay of ${nights} ${nights === 1 ? 'night' : 'nights'} from ${arrivalOn}`,
    category: 'accommodation',
    occurredAt: instantOf(arrivalOn),
    externalReference,
  });
}

/** Records a batch; answers with the ids of its transactions that wait for approval. */
async function record(
  batch: readonly PlannedStay[],
  toItem: (stay: PlannedStay) => RevenueItem,
  task: ImportTask,
): Promise<string[]> {
  const { client, progress, tally } = task;
  const pending: string[] = [];
  for (const result of await client.recordRevenues(batch.map(toItem))) {
    const stay = batch[result.index];
    if (!stay) throw new ImportStopped(`the API answered about item ${result.index}, which was not sent`);
    if (result.status === 'invalid') {
      tally.refused += 1;
      progress.note(`line ${stay.line}: refused: ${reasonsOf(result)}`);
      continue;
    }
    tally[result.status] += 1;
    tally.totalCents += stay.amountCents;
    if (result.transaction?.status === 'pending') pending.push(result.transaction.id);
  }
  return pending;
}

const reasonsOf = ({ errors = [] }: RevenueResult): string =>
  errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ') || 'no reason given';

async function approve(pending: readonly string[], { client, progress, tally }: ImportTask): Promise<void> {
  if (pending.length === 0) return;
  for (const { id, status, problem } of await client.approve(pending)) {
    if (status === 'approved') tally.approved += 1;
    if (status !== 'refused') continue;
    tally.approvalsRefused += 1;
    progress.note(`transaction ${id}: approval refused: ${problem?.detail ?? problem?.title ?? 'no reason given'}`);
  }
}

function stateOf({ approve: approves, tally }: ImportTask): string {
  const counts = [`${grouped(tally.recorded)} recorded`, `${grouped(tally.known)} already known`];
  if (approves) counts.push(`${grouped(tally.approved)} approved`);
  return counts.join(', ');
}
