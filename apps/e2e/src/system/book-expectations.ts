import { newKey } from './api-client';
import { newEmail } from './members';
import type { RouteExpectation } from './route-expectations';
import type { Expecting } from './staff-expectations';

let days = 0;
/** A day that nobody has closed. */
const unclosedDay = (): string => new Date(Date.UTC(2020, 0, ++days)).toISOString().slice(0, 10);

/** Who may do what with the books of a property, and with what is laid down for them. */
export function bookRoutes({ all, simply, ofProperty, ofOwner }: Expecting): Record<string, RouteExpectation> {
  const seen = { ...all(200), stranger: 404, elsewhere: 404 };
  return {
    'GET /v1/finance/summary/categories': ofProperty('/v1/finance/summary/categories?propertyId={id}', seen),
    'POST /v1/finance/days/close': ofProperty(
      '/v1/finance/days/close',
      { ...all(403), owner: 200, stranger: 422, manager: 200, elsewhere: 422 },
      (propertyId) => ({ propertyId, businessDay: unclosedDay() }),
    ),
    'GET /v1/finance/days': ofProperty('/v1/finance/days?propertyId={id}', seen),
    'GET /v1/finance/days/{id}': ofOwner('/v1/finance/days/{id}', seen, ({ closedDay }) => closedDay()),
    'POST /v1/finance/days/{id}/reopen': ofOwner(
      '/v1/finance/days/{id}/reopen',
      { ...all(403), owner: 200, stranger: 404 },
      ({ closedDay }) => closedDay(),
      { reason: 'Of the table' },
    ),
    'POST /v1/finance/categories': {
      ask: () => ({
        path: '/v1/finance/categories',
        body: { kind: 'expense', name: `Of the table ${newEmail()}` },
        headers: newKey(),
        ids: [],
      }),
      statuses: { ...all(201), staff: 403, auditor: 403 },
    },
    'GET /v1/finance/audit-balances': ofProperty(
      '/v1/finance/audit-balances?propertyId={id}&from=2026-03-01&to=2026-03-31',
      seen,
    ),
    'POST /v1/finance/imports': ofProperty(
      '/v1/finance/imports?kind=expense&propertyId={id}',
      { ...all(200), stranger: 422, elsewhere: 422, staff: 403, auditor: 403 },
      () => ({ rows: [{ date: '2026-01-02', amount: '1', description: 'Of the table' }] }),
    ),
    'GET /v1/finance/imports': simply('/v1/finance/imports', all(200)),
    'GET /v1/finance/imports/{id}': ofOwner('/v1/finance/imports/{id}', seen, ({ import: id }) => id()),
    'GET /v1/reports/quarterly-report': ofProperty(
      '/v1/reports/quarterly-report?propertyId={id}&year=2026&quarter=1',
      seen,
    ),
    'GET /v1/reports/yearly-report': ofProperty('/v1/reports/yearly-report?propertyId={id}&year=2026', seen),
    'GET /v1/finance/categories': simply('/v1/finance/categories', all(200)),
    'PATCH /v1/finance/categories/{id}': ofOwner(
      '/v1/finance/categories/{id}',
      { ...all(200), stranger: 404, staff: 403, auditor: 403 },
      ({ category }) => category(),
      { isArchived: true },
    ),
    'POST /v1/finance/taxes': ofProperty(
      '/v1/finance/taxes',
      { ...all(201), stranger: 422, elsewhere: 404, staff: 403, auditor: 403 },
      (propertyId) => ({
        ...{ name: 'Of the table', propertyId, category: 'Of the table' },
        ...{ rateBasisPoints: 600, isInclusive: false, effectiveFrom: '2026-01-01' },
      }),
    ),
    'GET /v1/finance/taxes': simply('/v1/finance/taxes', all(200)),
    'DELETE /v1/finance/taxes/{id}': ofOwner(
      '/v1/finance/taxes/{id}',
      { ...all(204), stranger: 404, elsewhere: 404, staff: 403, auditor: 403 },
      ({ tax }) => tax(),
    ),
    // Of a currency that nothing here has: it is there once, and overlaps from then on.
    'POST /v1/finance/approval-rules': ofProperty(
      '/v1/finance/approval-rules',
      { ...all(403), owner: 201, stranger: 422 },
      (propertyId) => ({ propertyId, currency: 'XTS', roles: ['owner'] }),
    ),
    'GET /v1/finance/approval-rules': simply('/v1/finance/approval-rules', all(200)),
    'DELETE /v1/finance/approval-rules/{id}': ofOwner(
      '/v1/finance/approval-rules/{id}',
      { ...all(403), owner: 204, stranger: 404 },
      ({ approvalRule }) => approvalRule(),
    ),
  };
}
