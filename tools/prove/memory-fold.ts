import type { TransactionSnapshot } from '@innkeep/contracts';

/** An event as the log says it. */
export interface LoggedEvent {
  readonly bucket: number;
  readonly organization_id: number;
  readonly version: number;
  readonly type: string;
  readonly actor_id: number | null;
  readonly property_id: number | null;
  readonly recorded_at: string;
  readonly data: unknown;
}

type Row = Record<string, unknown>;
type Rows = Map<string, Row>;

interface PropertyData {
  readonly propertyId: number;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly businessDayStartsAt: string;
}

/** Adds to the row with this key, which begins at zero. */
function add(rows: Rows, key: Row, amounts: Record<string, number>): void {
  const name = JSON.stringify(key);
  const row = rows.get(name) ?? { ...key };
  for (const [column, amount] of Object.entries(amounts)) row[column] = ((row[column] as number) ?? 0) + amount;
  rows.set(name, row);
}

/**
 * The read models as they must be, worked out one event at a time in the plainest way: written from what each table is for, not from
 * the SQL that folds it, so that the two can disagree. Events have to come in the order of their versions.
 */
export class MemoryFold {
  readonly tables: Record<string, Rows> = Object.fromEntries(
    [
      'reports.daily_summary',
      'reports.monthly_summary',
      'reports.profit_loss',
      'reports.day_transactions',
      'reports.property_currencies',
      'reports.property_calendars',
      'finance.pending_approvals',
      'finance.property_names',
      'finance.property_calendars',
    ].map((table) => [table, new Map()]),
  );

  constructor(events: readonly LoggedEvent[]) {
    for (const event of events) this.fold(event);
  }

  rows(table: string): Row[] {
    return [...this.tables[table]!.values()];
  }

  private fold(event: LoggedEvent): void {
    if (event.type.startsWith('Property')) this.property(event, event.data as PropertyData);
    else if (event.type.startsWith('Transaction')) this.transaction(event, event.data as TransactionSnapshot);
  }

  private property({ bucket, organization_id }: LoggedEvent, data: PropertyData): void {
    const key = { bucket, organization_id, property_id: data.propertyId };
    const set = (table: string, columns: Row) => this.tables[table]!.set(JSON.stringify(key), { ...key, ...columns });
    const calendar = { time_zone: data.timeZone, business_day_starts_at: `${data.businessDayStartsAt}:00` };
    set('reports.property_currencies', { currency: data.currency });
    set('reports.property_calendars', calendar);
    set('finance.property_calendars', calendar);
    set('finance.property_names', { name: data.name });
  }

  private transaction(event: LoggedEvent, data: TransactionSnapshot): void {
    if (event.type === 'TransactionApproved' || event.type === 'TransactionReversed') this.count(event, data);
    if (event.type !== 'TransactionReversed') this.keepPending(event, data);
  }

  private count({ bucket, organization_id }: LoggedEvent, data: TransactionSnapshot): void {
    const isRevenue = data.kind === 'revenue';
    const property = { bucket, organization_id, property_id: data.propertyId };
    const sums = {
      received_cents: isRevenue ? data.amountCents : 0,
      expenses_cents: isRevenue ? 0 : data.amountCents,
      transaction_count: 1,
    };
    const month = { month_on: `${data.businessDay.slice(0, 7)}-01` };
    add(
      this.tables['reports.daily_summary']!,
      { ...property, business_on: data.businessDay, currency: data.currency },
      sums,
    );
    add(this.tables['reports.monthly_summary']!, { ...property, ...month, currency: data.currency }, sums);
    add(
      this.tables['reports.profit_loss']!,
      { ...property, ...month, kind: data.kind, category: data.category ?? '', currency: data.currency },
      { amount_cents: data.amountCents, transaction_count: 1 },
    );
    this.tables['reports.day_transactions']!.set(data.transactionId, {
      ...property,
      ...particulars(data),
      reversal_of: data.reversalOf,
    });
  }

  /** A transaction is pending from when it is recorded until anything but a change happens to it. */
  private keepPending(event: LoggedEvent, data: TransactionSnapshot): void {
    const { bucket, organization_id, version, actor_id, recorded_at } = event;
    const pending = this.tables['finance.pending_approvals']!;
    if (event.type === 'TransactionRecorded') {
      const property = { bucket, organization_id, property_id: data.propertyId };
      const recorded = { recorded_by: actor_id, recorded_at, recorded_version: version };
      pending.set(data.transactionId, { ...property, ...particulars(data), ...underRules(data), ...recorded, version });
    } else if (event.type === 'TransactionChanged' || event.type === 'TransactionApprovalAdvanced') {
      const known = pending.get(data.transactionId);
      pending.set(data.transactionId, { ...known, ...particulars(data), ...underRules(data), version });
    } else {
      pending.delete(data.transactionId);
    }
  }
}

const particulars = (data: TransactionSnapshot): Row => ({
  transaction_id: data.transactionId,
  kind: data.kind,
  business_on: data.businessDay,
  occurred_at: data.occurredAt,
  amount_cents: data.amountCents,
  currency: data.currency,
  description: data.description,
  category: data.category,
  payment_mode: data.paymentMode,
});

const underRules = ({ tax, approval }: TransactionSnapshot): Row => ({ tax: tax ?? null, approval: approval ?? null });
