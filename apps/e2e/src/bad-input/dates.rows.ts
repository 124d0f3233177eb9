import { type Transaction } from '../system';
import { expense } from './fields.rows';
import { type Probe, type Row } from './row';

const query = (path: string, status = 400, code = 'invalid-request'): Probe => ({
  what: path,
  ask: (place) => place.owner.get(path.replace('propertyId=1', `propertyId=${place.propertyId}`)),
  status,
  code,
});

const instants = [
  'yesterday',
  '2026-03-10',
  '2026-03-10T12:00:00',
  '2026-1-1T12:00:00Z',
  '2026-02-30T12:00:00Z',
  '2025-02-29T12:00:00Z',
  '2026-03-10T24:00:00Z',
  '2026-03-10T25:00:00Z',
  '2026-03-10T23:59:60Z',
  '+275760-09-13T00:00:00Z',
  '2026-03-10T12:00:00+24:00',
  '2026-03-10T12:00:00Z[Europe/Berlin]',
  '٢٠٢٦-03-10T12:00:00Z',
  1_773_144_000_000,
  '1773144000',
];

/** Zones, and instants around what makes them difficult. */
const zones: readonly (readonly [string, readonly string[]])[] = [
  // The night of the hour that is missing, and of the one that comes twice.
  ['Europe/Berlin', ['2026-03-28T22:59:59Z', '2026-03-28T23:00:00Z', '2026-03-29T01:30:00Z', '2026-03-29T22:00:00Z']],
  ['Europe/Berlin', ['2025-10-25T21:59:59Z', '2025-10-26T00:30:00Z', '2025-10-26T01:30:00Z', '2025-10-26T23:00:00Z']],
  // Here the missing hour is the first of the day.
  ['America/Havana', ['2026-03-08T04:59:59Z', '2026-03-08T05:00:00Z', '2026-03-09T03:59:59Z']],
  ['Asia/Kolkata', ['2026-03-10T18:29:59Z', '2026-03-10T18:30:00Z']],
  ['Asia/Kathmandu', ['2026-03-10T18:14:59Z', '2026-03-10T18:15:00Z']],
  ['Pacific/Kiritimati', ['2026-03-10T09:59:59Z', '2026-03-10T10:00:00Z']],
  ['Pacific/Niue', ['2026-03-10T10:59:59Z', '2026-03-10T11:00:00Z']],
  // A day that this place never had.
  ['Pacific/Apia', ['2011-12-30T09:59:59Z', '2011-12-30T10:00:00Z']],
  ['Australia/Lord_Howe', ['2026-04-04T12:59:59Z', '2026-04-04T15:00:00Z']],
];

const dayIn = (timeZone: string, instant: string) =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(instant),
  );

const calendar = (timeZone: string, occurring: readonly string[]): Probe => ({
  what: `${timeZone} around ${occurring[0]}`,
  required: 'the days of the zone',
  check: async (place) => {
    const property = await place.owner.addProperty({ timeZone });
    const items = occurring.map((occurredAt, index) => ({
      propertyId: property.id,
      amountCents: 10 ** index,
      description: 'Around midnight',
      occurredAt,
    }));
    const { results } = (await place.owner.post('/v1/finance/revenues/bulk', { items })).as<{
      results: { transaction: Transaction }[];
    }>(200);
    const days = occurring.map((instant) => dayIn(timeZone, instant));
    expect(results.map(({ transaction }) => transaction.businessDay)).toEqual(days);
    const transactionIds = results.map(({ transaction }) => transaction.id);
    const decision = { decision: 'approved', transactionIds };
    const { position } = (await place.owner.post('/v1/finance/approvals/bulk', decision)).expect(200);
    for (const day of new Set(days)) {
      const report = `/v1/reports/daily-report?propertyId=${property.id}&date=${day}`;
      const sum = items.filter((_, index) => days[index] === day).reduce((total, item) => total + item.amountCents, 0);
      expect((await place.owner.getAfter(position, report)).as(200)).toMatchObject({ totalReceivedCents: sum });
    }
  },
});

const ranges = [
  '/v1/finance/expenses?from=2026-03-11&to=2026-03-10',
  '/v1/finance/revenues?propertyId=1&from=2026-12-31&to=2026-01-01',
  '/v1/finance/summary?propertyId=1&from=2026-03-11&to=2026-03-10',
  '/v1/analytics/overview?from=2026-03-11&to=2026-03-10',
];

/** B30 to B32: days and times that no calendar has, and ranges that run backwards. */
export const dates: readonly Row[] = [
  {
    id: 'B30',
    what: 'days and times that do not exist, or are not spelled out',
    probes: [
      ...instants.map((instant) => expense(`at ${instant}`, { occurredAt: instant })),
      ...['0000-01-01T00:00:00Z', '1999-12-31T12:00:00Z', '9999-12-31T23:59:59Z'].map((instant) =>
        expense(`at ${instant}`, { occurredAt: instant }, 422, 'occurred-at-out-of-range'),
      ),
      ...['2026-02-30', '2026-02-29', '2026-3-1', '10/03/2026', 'today', '0000-00-00', '1999-12-31', '2101-01-01'].map(
        (day) => query(`/v1/reports/daily-report?propertyId=1&date=${day}`),
      ),
      ...['2026-03-10T00:00:00Z', "2026-03-10'", '1773144000', '%2B12026-01-01', ''].map((day) =>
        query(`/v1/reports/date-transactions?propertyId=1&date=${day}`),
      ),
      ...['from=2026-13-01', 'from=2026-02-30', 'to=yesterday'].map((bound) =>
        query(`/v1/finance/summary?propertyId=1&${bound}`),
      ),
    ],
  },
  {
    id: 'B31',
    what: 'business days where clocks change or zones are far away',
    probes: [
      ...zones.map(([zone, occurring]) => calendar(zone, occurring)),
      ...['Europe/Nowhere', 'GMT+25', 'UTC+1', 'Local', ''].map((timeZone): Probe => ({
        what: `the zone ${timeZone || 'of no name'}`,
        ask: (place) => place.owner.post('/v1/properties', { name: 'Casa', timeZone, currency: 'EUR' }),
        status: 400,
        code: 'invalid-request',
        pointer: '/timeZone',
      })),
    ],
  },
  {
    id: 'B32',
    what: 'ranges that end before they begin, and months that no year has',
    probes: [
      ...ranges.map((path) => query(path, 422, 'invalid-range')),
      ...['month=0', 'month=13', 'month=1e0', 'month=', 'month=01'].map((month) =>
        query(`/v1/reports/monthly-report?propertyId=1&year=2026&${month}`),
      ),
      ...['year=1999', 'year=99999999999', 'year=x', 'year=-2026'].map((year) =>
        query(`/v1/reports/monthly-report?propertyId=1&${year}&month=1`),
      ),
      {
        what: 'in two days',
        ask: (place) => place.expense({ occurredAt: new Date(Date.now() + 2 * 86_400_000).toISOString() }),
        status: 422,
        code: 'occurred-at-out-of-range',
        pointer: '/occurredAt',
      },
    ],
  },
];
