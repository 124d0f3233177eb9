import { writeFile } from 'node:fs/promises';
import { inDays } from './members';

/** The columns that the import needs, and two that only tell bookings apart; the others may be missing. */
const bookingColumns = [
  'hotel',
  'arrival_date_year',
  'arrival_date_month',
  'arrival_date_day_of_month',
  'stays_in_weekend_nights',
  'stays_in_week_nights',
  'adults',
  'adr',
  'reservation_status',
];

/** A party that came and left, and what that brought. */
export interface Party {
  readonly arrivedOn: string;
  readonly nights: number;
  readonly cents: number;
}

export interface MadeUpBookings {
  readonly csv: string;
  readonly parties: readonly Party[];
  /** What the stays bring, by month (`YYYY-MM`), computed here and not by the tool under test. */
  readonly centsByMonth: ReadonlyMap<string, number>;
  readonly stays: number;
  readonly badRows: number;
}

/** Everybody has left by yesterday, and came in the half year before. */
const DAYS = 180;

/** The day so many days before today, anywhere in the world at most tomorrow's yesterday. */
export const daysAgo = (days: number): string => inDays(-days);

const monthName = (day: string) => new Date(day).toLocaleString('en', { month: 'long', timeZone: 'UTC' });

interface Row {
  readonly cells: Readonly<Record<string, string>>;
  /** Undefined for a row that is no stay. */
  readonly party?: Party;
}

function makeRow(random: () => number): Row {
  const below = (limit: number) => Math.floor(random() * limit);
  const nights = [below(3), below(6)] as const;
  const arrivedOn = daysAgo(1 + nights[0] + nights[1] + below(DAYS));
  const rate = below(40_000);
  // The same rate in the spellings that files have: 98, 98.5, 98.50.
  const adr = (rate / 100).toFixed(2).replace(random() < 0.5 ? /\.?0+$/ : /$^/, '');
  const status = random() < 0.85 ? 'Check-Out' : random() < 0.5 ? 'Canceled' : 'No-Show';
  const [year, , date] = arrivedOn.split('-');
  return {
    cells: {
      hotel: 'Made-up',
      arrival_date_year: year!,
      arrival_date_month: monthName(arrivedOn),
      arrival_date_day_of_month: String(Number(date)),
      stays_in_weekend_nights: String(nights[0]),
      stays_in_week_nights: String(nights[1]),
      adults: String(1 + below(3)),
      adr,
      reservation_status: status,
    },
    party:
      status === 'Check-Out'
        ? { arrivedOn, nights: nights[0] + nights[1], cents: rate * (nights[0] + nights[1]) }
        : undefined,
  };
}

const bad: readonly Row['cells'][] = [
  { arrival_date_month: 'June', arrival_date_day_of_month: '31' },
  { adr: '-5.00' },
  { adr: '1.005' },
];

/** Made-up bookings: stays, cancellations, rows that bring nothing, some that are equal to each other, some that cannot be. */
export function makeUpBookings(count: number, random: () => number): MadeUpBookings {
  const rows: Row[] = [];
  for (let index = 0; index < count; index++) {
    const twin = rows.length > 0 && random() < 0.1 ? rows[Math.floor(random() * rows.length)] : undefined;
    rows.push(twin ?? makeRow(random));
  }
  const parties = rows.flatMap(({ party }) => party ?? []);
  const paying = parties.filter(({ cents }) => cents > 0);
  const centsByMonth = new Map<string, number>();
  for (const { arrivedOn, cents } of paying)
    centsByMonth.set(arrivedOn.slice(0, 7), (centsByMonth.get(arrivedOn.slice(0, 7)) ?? 0) + cents);
  const spoilt = bad.map((cells) => ({
    ...makeRow(() => 0.5).cells,
    reservation_status: 'Check-Out',
    ...cells,
  }));
  const lines = [...rows.map(({ cells }) => cells), ...spoilt].map((cells: Row['cells']) =>
    bookingColumns.map((column) => cells[column] ?? '').join(','),
  );
  return {
    csv: [bookingColumns.join(','), ...lines, ''].join('\n'),
    parties,
    centsByMonth,
    stays: paying.length,
    badRows: bad.length,
  };
}

export const writeBookings = (path: string, { csv }: MadeUpBookings): Promise<void> => writeFile(path, csv);
