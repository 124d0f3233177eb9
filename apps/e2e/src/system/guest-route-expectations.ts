import type { Answer } from './api-client';
import { newKey } from './api-client';
import { inDays, newEmail } from './members';
import type { RouteExpectation, Statuses } from './route-expectations';

/** What the table says alike of all routes. */
interface Alike {
  all(status: number): Statuses;
  readonly seen: Statuses;
  managed(status: number): Statuses;
  ofProperty(path: string, statuses: Statuses, body?: (propertyId: number) => unknown): RouteExpectation;
  isRefused(code: string): (answer: Answer) => void;
}

const ofStay = (
  status: 'expected' | 'in-house',
  suffix: string,
  statuses: Statuses,
  body?: unknown,
): RouteExpectation => ({
  ask: async (ids) => {
    const id = await ids.stay(status);
    return { path: `/v1/guest-checkin/${id}${suffix}`, body, headers: newKey(), ids: [id] };
  },
  statuses,
});

const party = { guestName: 'Of the table', departsOn: inDays(3) };
const booked = { externalReference: 'Of the table', arrivesOn: '2026-03-10', departsOn: '2026-03-12' };
const ofDay = '?propertyId={id}&day=2026-03-10';

/** Who may do what with guests, and with the units that they are given. */
export function guestRoutes({ all, seen, managed, ofProperty, isRefused }: Alike): Record<string, RouteExpectation> {
  // Who works at the desk: everybody who sees it, and does not only look.
  const desk = { ...seen, auditor: 403 };
  return {
    'POST /v1/guest-checkin/create': ofProperty(
      '/v1/guest-checkin/create',
      { ...all(201), stranger: 422, elsewhere: 422, auditor: 403 },
      (propertyId) => ({ ...party, propertyId }),
    ),
    'POST /v1/guest-checkin/bulk': {
      ...ofProperty('/v1/guest-checkin/bulk', { ...all(200), auditor: 403 }, (propertyId) => ({
        items: [{ ...booked, propertyId }],
      })),
      check: isRefused('property-unknown'),
    },
    'GET /v1/guest-checkin/list': ofProperty('/v1/guest-checkin/list?propertyId={id}', seen),
    'GET /v1/guest-checkin/arrivals': ofProperty(`/v1/guest-checkin/arrivals${ofDay}`, seen),
    'GET /v1/guest-checkin/departures': ofProperty(`/v1/guest-checkin/departures${ofDay}`, seen),
    'GET /v1/guest-checkin/in-house': ofProperty(`/v1/guest-checkin/in-house${ofDay}`, seen),
    'GET /v1/guest-checkin/report': ofProperty(
      '/v1/guest-checkin/report?propertyId={id}&from=2026-03-01&to=2026-03-31',
      seen,
    ),
    'GET /v1/guest-checkin/{id}': ofStay('in-house', '', seen),
    'PUT /v1/guest-checkin/{id}': ofStay('in-house', '', desk, { ...party, unitIds: [] }),
    'POST /v1/guest-checkin/{id}/checkin': ofStay('expected', '/checkin', desk, {}),
    'POST /v1/guest-checkin/{id}/checkout': ofStay('in-house', '/checkout', desk, {}),
    'POST /v1/guest-checkin/{id}/cancellation': ofStay('expected', '/cancellation', desk, {}),
    'POST /v1/guest-checkin/{id}/identity-views': ofStay('in-house', '/identity-views', managed(201), {
      purpose: 'Of the table',
    }),
    'GET /v1/guest-checkin/{id}/identity-trail': ofStay('in-house', '/identity-trail', {
      ...all(403),
      stranger: 404,
      owner: 200,
      auditor: 200,
    }),
    'POST /v1/guest-checkin/{id}/erasure': ofStay('expected', '/erasure', managed(200)),
    'GET /v1/analytics/overview': ofProperty(
      '/v1/analytics/overview?propertyId={id}&from=2026-03-01&to=2026-03-31',
      seen,
    ),
    'GET /v1/properties/{id}/occupancy': ofProperty(
      '/v1/properties/{id}/occupancy?from=2026-03-01&to=2026-03-31',
      seen,
    ),
    'GET /v1/properties/{id}/availability': ofProperty(
      '/v1/properties/{id}/availability?from=2031-03-01&to=2031-03-03',
      seen,
    ),
    'POST /v1/properties/{id}/units': ofProperty('/v1/properties/{id}/units', managed(201), () => ({
      name: newEmail().slice(0, 16),
      unitType: 'double',
      capacity: 2,
    })),
    'GET /v1/properties/{id}/units': ofProperty('/v1/properties/{id}/units', seen),
    'PATCH /v1/properties/{id}/units/{unitId}': {
      ask: async (ids) => {
        const id = await ids.unit();
        const path = `/v1/properties/${ids.propertyId}/units/${id}`;
        return { path, body: { capacity: 3 }, headers: newKey(), ids: [id, ids.propertyId] };
      },
      statuses: managed(200),
    },
  };
}
