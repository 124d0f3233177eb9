import {
  TransactionApproved,
  TransactionRecorded,
  TransactionRejected,
  type TransactionSnapshot,
  businessDay,
} from '@innkeep/contracts';
import { idAt } from './made-up-ids';
import { DAY_MS, HOUR_MS, type Making } from './making';

/** How far back an organization goes. */
const DAYS = 365;
/** What is younger is decided on by nobody yet, and of what is older a little. */
const PENDING_MS = 2 * DAY_MS;

/** A category, what is said of it, and how much it usually is; how often. */
type Cause = readonly [readonly [category: string, description: string, usual: number], number];

const revenues: readonly Cause[] = [
  [['accommodation', 'Night', 9_000], 60],
  [['food', 'Breakfast', 1_400], 25],
  [['parking', 'Garage', 1_200], 8],
  [['events', 'Hall and catering', 48_000], 2],
];
const expenses: readonly Cause[] = [
  [['housekeeping', 'Laundry', 5_800], 30],
  [['food', 'Breakfast buffet', 4_200], 30],
  [['maintenance', 'Repairs', 14_000], 10],
  [['utilities', 'Electricity and water', 31_000], 5],
  [['staff', 'Wages', 170_000], 3],
];
const modes = [
  ['card', 62],
  ['ota', 22],
  ['cash', 10],
  ['transfer', 6],
] as const;

type Snapshot = Required<TransactionSnapshot>;

/** Business days that were asked for, by zone and hour: asking the calendar of a zone costs more than the whole rest. */
const knownDays = new Map<string, string>();

/** For properties whose day begins at midnight, at instants at which none of their zones changes the day within the hour. */
function dayOf(instant: number, timeZone: string): string {
  const key = `${timeZone} ${Math.floor(instant / HOUR_MS)}`;
  let day = knownDays.get(key);
  if (day === undefined) knownDays.set(key, (day = businessDay(new Date(instant), timeZone, '00:00')));
  return day;
}

/** Writes what was recorded in a year, and what became of it. */
export function writeTransactions(making: Making): void {
  for (const transaction of madeUpTransactions(making)) writeTransaction(making, transaction);
}

/** The transactions of an organization, in the order in which they happened, up to a moment. */
function* madeUpTransactions(making: Making): Generator<Snapshot> {
  const { transactions: count, properties, now, choices } = making;
  const today = Math.floor((now - PENDING_MS / 2) / DAY_MS);
  for (let n = 0; n < count; n++) {
    const day = today - DAYS + Math.floor(((n + choices.next()) / count) * DAYS);
    // Hours of the universal day at which it is the same day everywhere that properties are.
    const instant = day * DAY_MS + choices.between(12, 16) * HOUR_MS + choices.between(0, HOUR_MS - 1);
    const property = properties[choices.between(0, properties.length - 1)]!;
    const isRevenue = choices.happens(0.6);
    const [category, description, usual] = choices.weighted(isRevenue ? revenues : expenses);
    // Drawn in any case: what follows is to depend on the seed and not on the hour.
    const [isLate, isRefused] = [choices.happens(0.03), choices.happens(0.02)];
    const isWaiting = isLate || instant > now - PENDING_MS;
    yield {
      transactionId: idAt(instant, making),
      kind: isRevenue ? 'revenue' : 'expense',
      propertyId: property.id,
      amountCents: Math.max(1, Math.round(usual * (0.4 + 1.2 * choices.next()))),
      currency: property.currency,
      description,
      category,
      paymentMode: choices.weighted(modes),
      occurredAt: new Date(instant).toISOString(),
      businessDay: dayOf(instant, property.timeZone),
      status: isWaiting ? 'pending' : isRefused ? 'rejected' : 'approved',
      externalReference: null,
      reversalOf: null,
      tax: null,
      approval: null,
    };
  }
}

function writeTransaction({ log, rows, team, tenant }: Making, decided: Snapshot): void {
  const { transactionId: entityId, propertyId, status } = decided;
  const [recordedBy, decidedBy] = [team.staff[0]!.userId, team.manager.userId];
  const about = { entityId, propertyId };
  const pending: Snapshot = { ...decided, status: 'pending' };
  const recorded = log.record('transaction', TransactionRecorded(pending, about), recordedBy);
  if (status === 'approved') log.record('transaction', TransactionApproved(decided, about), decidedBy);
  const reason = status === 'rejected' ? 'Not ours' : null;
  if (reason !== null) log.record('transaction', TransactionRejected({ ...decided, reason }, about), decidedBy);
  const { kind, amountCents, currency, description, category, paymentMode, occurredAt, businessDay } = decided;
  const { recordedAt } = log.head;
  const isDecided = status !== 'pending';
  rows.transactions.add(
    ...[...tenant, entityId, kind, propertyId, amountCents, currency, description, category, paymentMode],
    ...[occurredAt, businessDay, status, null, recordedBy, isDecided ? decidedBy : null],
    ...[isDecided ? recordedAt : null, reason, log.version, recorded, recordedAt],
  );
}
