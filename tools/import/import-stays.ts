import { addDays } from '@innkeep/contracts';
import type { ApiClient, Property, RevenueItem, Refusal, StayItem } from './api-client';
import { arrivalInstants } from './arrival-instant';
import { ImportStopped } from './import-stopped';
import { type PlannedStay, revenueOf } from './planned-stays';
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

/**
 * Records the stays in batches and approves what they left pending, batch by batch, so that an interrupted run leaves little undone:
 * first what they brought, then that the party came and left, or was cancelled.
 */
export async function importStays(stays: AsyncIterable<PlannedStay>, task: ImportTask): Promise<void> {
  const toItem = itemsFor(task.property);
  const toStayItem = stayItemsFor(task.property);
  let batch: PlannedStay[] = [];
  const flush = async (): Promise<void> => {
    const last = batch.at(-1);
    if (!last) return;
    const pending = await record(
      batch.filter((stay) => revenueOf(stay) > 0),
      toItem,
      task,
    );
    if (task.approve) await approve(pending, task);
    await takeOver(batch, toStayItem, task);
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
  return (stay) => ({
    propertyId: property.id,
    amountCents: revenueOf(stay),
    description: `Stay of ${stay.nights} ${stay.nights === 1 ? 'night' : 'nights'} from ${stay.arrivalOn}`,
    category: 'accommodation',
    occurredAt: instantOf(stay.arrivalOn),
    externalReference: stay.externalReference,
  });
}

function stayItemsFor(property: Property): (stay: PlannedStay) => StayItem {
  const instantOf = arrivalInstants(property);
  return (stay) => {
    const { arrivalOn, nights, adults, children, country, externalReference } = stay;
    const departsOn = addDays(arrivalOn, nights);
    return {
      ...{ propertyId: property.id, externalReference, adults, children, arrivesOn: arrivalOn, departsOn },
      ...(country !== null && { country }),
      ...('reason' in stay
        ? { outcome: 'cancelled', cancellationReason: stay.reason }
        : { outcome: 'departed', checkedInAt: instantOf(arrivalOn), checkedOutAt: instantOf(departsOn) }),
    };
  };
}

/** Records a batch; answers with the ids of its transactions that wait for approval. */
async function record(
  batch: readonly PlannedStay[],
  toItem: (stay: PlannedStay) => RevenueItem,
  task: ImportTask,
): Promise<string[]> {
  const { client, progress, tally } = task;
  if (batch.length === 0) return [];
  const pending: string[] = [];
  for (const result of await client.recordRevenues(batch.map(toItem))) {
    const stay = stayOf(batch, result.index);
    if (result.status === 'invalid') {
      tally.refused += 1;
      progress.note(`line ${stay.line}: refused: ${reasonsOf(result)}`);
      continue;
    }
    tally[result.status] += 1;
    tally.totalCents += revenueOf(stay);
    if (result.transaction?.status === 'pending') pending.push(result.transaction.id);
  }
  return pending;
}

/** Notes that the parties of a batch came and left, or were cancelled. */
async function takeOver(
  batch: readonly PlannedStay[],
  toItem: (stay: PlannedStay) => StayItem,
  { client, progress, tally }: ImportTask,
): Promise<void> {
  for (const result of await client.recordStays(batch.map(toItem))) {
    const stay = stayOf(batch, result.index);
    if (result.status === 'recorded') tally.staysRecorded += 1;
    if (result.status === 'known') tally.staysKnown += 1;
    if (result.status !== 'invalid') continue;
    tally.staysRefused += 1;
    progress.note(`line ${stay.line}: stay refused: ${reasonsOf(result)}`);
  }
}

function stayOf(batch: readonly PlannedStay[], index: number): PlannedStay {
  const stay = batch[index];
  if (!stay) throw new ImportStopped(`the API answered about item ${index}, which was not sent`);
  return stay;
}

const reasonsOf = ({ errors = [] }: Refusal): string =>
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
  const counts = [
    `${grouped(tally.staysRecorded)} stays`,
    `${grouped(tally.recorded)} recorded`,
    `${grouped(tally.known)} already known`,
  ];
  if (approves) counts.push(`${grouped(tally.approved)} approved`);
  return counts.join(', ');
}
