import type { RouteExpectation, Statuses } from './route-expectations';
import type { Ids } from './scene';

/** What the table of routes is made with. */
interface Expecting {
  all(status: number): Statuses;
  simply(path: string, statuses: Statuses, body?: unknown): RouteExpectation;
  ofProperty(path: string, statuses: Statuses, body?: (propertyId: number) => unknown): RouteExpectation;
  ofOwner(path: string, statuses: Statuses, idOf: (ids: Ids) => Promise<string>): RouteExpectation;
}

const nobodys = '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11';

/** Who may take what along: an organization as a whole, and reports. */
export function exportRoutes({
  all,
  simply,
  ofProperty,
  ofOwner,
}: Expecting): Record<string, RouteExpectation | 'open'> {
  const seen = { ...all(200), stranger: 404, elsewhere: 404 };
  return {
    'POST /v1/organization/exports': simply('/v1/organization/exports', { ...all(403), stranger: 202, owner: 202 }),
    'GET /v1/organization/exports': simply('/v1/organization/exports', { ...all(403), stranger: 200, owner: 200 }),
    'GET /v1/organization/exports/{id}': ofOwner(
      '/v1/organization/exports/{id}',
      { ...all(403), owner: 200, stranger: 404 },
      ({ export: id }) => id(),
    ),
    // Its file is not there yet, or it is: both are right, so what nobody has is asked for.
    'POST /v1/organization/exports/{id}/links': {
      ...simply(`/v1/organization/exports/${nobodys}/links`, { ...all(403), owner: 404, stranger: 404 }),
      documented: 201,
    },
    // By the token of the link alone.
    'GET /v1/organization/exports/{id}/file': 'open',
    'POST /v1/exports/reports': ofProperty(
      '/v1/exports/reports',
      { ...seen, owner: 202, manager: 202, auditor: 202, staff: 403 },
      (propertyId) => ({ report: 'daily-report', format: 'csv', propertyId, from: '2026-03-01', to: '2026-03-31' }),
    ),
    'GET /v1/exports': simply('/v1/exports', { ...all(200), staff: 403 }),
    'GET /v1/exports/{id}': ofOwner('/v1/exports/{id}', { ...all(404), owner: 200, staff: 403 }, ({ reportExport }) =>
      reportExport(),
    ),
    // Its file is not there yet, or it is: both are right, so what nobody has is asked for.
    'POST /v1/exports/{id}/links': {
      ...simply(`/v1/exports/${nobodys}/links`, { ...all(404), staff: 403 }),
      documented: 201,
    },
    // By the token of the link alone.
    'GET /v1/exports/{id}/file': 'open',
  };
}
