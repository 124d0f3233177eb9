import type { MemoryFold } from './memory-fold';

/** One line of the dashboard, as the query answers it. */
export interface DashboardLine {
  readonly propertyId: number;
  readonly currency: string;
  readonly businessDay: string;
  readonly today: object;
  readonly monthToDate: object;
  readonly last7Days: object;
}

/** What the clock on the wall shows in a zone: `2026-03-01` and minutes since midnight. */
function wallClock(at: Date, timeZone: string): { day: string; minutes: number } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)!.value;
  const day = `${part('year')}-${part('month')}-${part('day')}`;
  return { day, minutes: Number(part('hour')) * 60 + Number(part('minute')) };
}

const dayBefore = (day: string, count = 1) =>
  new Date(Date.parse(`${day}T00:00:00Z`) - count * 86_400_000).toISOString().slice(0, 10);

function businessDayOf(at: Date, timeZone: string, startsAt: string): string {
  const { day, minutes } = wallClock(at, timeZone);
  const [hour, minute] = startsAt.split(':').map(Number) as [number, number];
  return minutes < hour * 60 + minute ? dayBefore(day) : day;
}

interface Summary {
  readonly property_id: number;
  readonly business_on: string;
  readonly currency: string;
  readonly received_cents: number;
  readonly expenses_cents: number;
  readonly transaction_count: number;
}

function sumOf(rows: readonly Summary[]): object {
  const sum = (column: 'received_cents' | 'expenses_cents' | 'transaction_count') =>
    rows.reduce((total, row) => total + row[column], 0);
  const [receivedCents, expensesCents] = [sum('received_cents'), sum('expenses_cents')];
  const netCents = receivedCents - expensesCents;
  return { receivedCents, expensesCents, netCents, transactionCount: sum('transaction_count') };
}

/** The dashboard of an organization at an instant, worked out from a fold in memory of its events alone. */
export function memoryDashboard(memory: MemoryFold, at: Date): DashboardLine[] {
  const summaries = memory.rows('reports.daily_summary') as unknown as Summary[];
  const own = new Map(memory.rows('reports.property_currencies').map((row) => [row.property_id, row.currency]));
  return memory.rows('reports.property_calendars').flatMap((calendar) => {
    const propertyId = calendar.property_id as number;
    const businessDay = businessDayOf(at, calendar.time_zone as string, calendar.business_day_starts_at as string);
    const between =
      (from: string) =>
      ({ business_on, property_id }: Summary) =>
        property_id === propertyId && business_on >= from && business_on <= businessDay;
    const [monthStart, weekStart] = [`${businessDay.slice(0, 7)}-01`, dayBefore(businessDay, 6)];
    const shown = summaries.filter(between(monthStart < weekStart ? monthStart : weekStart));
    const currencies = [...new Set([own.get(propertyId) as string, ...shown.map(({ currency }) => currency)])];
    return currencies.map((currency) => {
      const since = (from: string) => sumOf(shown.filter((row) => row.currency === currency && between(from)(row)));
      const windows = { today: since(businessDay), monthToDate: since(monthStart), last7Days: since(weekStart) };
      return { propertyId, currency, businessDay, ...windows };
    });
  });
}
