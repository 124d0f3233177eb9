import { newKey } from './api-client';
import type { RouteExpectation, Statuses } from './route-expectations';
import type { Ids } from './scene';

/** What the table of routes is made with. */
export interface Expecting {
  all(status: number): Statuses;
  simply(path: string, statuses: Statuses, body?: unknown): RouteExpectation;
  ofProperty(path: string, statuses: Statuses, body?: (propertyId: number) => unknown): RouteExpectation;
  ofOwner(
    path: string,
    statuses: Statuses,
    id: (ids: Ids) => Promise<string | number>,
    body?: unknown,
  ): RouteExpectation;
}

const yesterday = (hour: number) => `${new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)}T${hour}:00:00Z`;
let names = 0;

/** Who may do what with the times of people. */
export function staffRoutes({ all, simply, ofProperty, ofOwner }: Expecting): Record<string, RouteExpectation> {
  const seen = { ...all(200), stranger: 404, elsewhere: 404 };
  const working = { ...all(201), stranger: 422, elsewhere: 422, auditor: 403 };
  const leading = { ...seen, staff: 403, auditor: 403 };
  const owning = (status: number) => ({ ...all(403), owner: status, stranger: 404 });
  const path = '/v1/staff';
  const correction = { startedAt: yesterday(10), endedAt: yesterday(12), reason: 'Of the table' };
  return {
    // Nobody here is at work yet.
    'POST /v1/staff/check-out': {
      ...simply(`${path}/check-out`, { ...all(409), auditor: 403 }, {}),
      documented: 200,
    },
    'POST /v1/staff/check-in': ofProperty(`${path}/check-in`, working, (propertyId) => ({ propertyId })),
    'GET /v1/staff/attendance': ofProperty(`${path}/attendance?propertyId={id}`, seen),
    // Of the owner: staff see their own.
    'GET /v1/staff/attendance/{id}': ofOwner(`${path}/attendance/{id}`, { ...seen, staff: 404 }, ({ shift }) =>
      shift(),
    ),
    'GET /v1/staff/attendance-statistics': ofProperty(`${path}/attendance-statistics?year=2026&propertyId={id}`, seen),
    'POST /v1/staff/corrections': ofProperty(`${path}/corrections`, working, (propertyId) => ({
      propertyId,
      ...correction,
    })),
    'GET /v1/staff/corrections': ofProperty(`${path}/corrections?propertyId={id}`, seen),
    'PUT /v1/staff/corrections/{id}/approval': ofOwner(
      `${path}/corrections/{id}/approval`,
      leading,
      (ids) => ids.correction(),
      { decision: 'approved' },
    ),
    'POST /v1/staff/leave-requests': {
      ask: async ({ propertyId, leaveType }) => {
        const leaveTypeId = await leaveType();
        const body = { propertyId, leaveTypeId, from: '2031-07-06', to: '2031-07-10' };
        return { path: `${path}/leave-requests`, body, headers: newKey(), ids: [propertyId, leaveTypeId] };
      },
      statuses: working,
    },
    'GET /v1/staff/leave-requests': ofProperty(`${path}/leave-requests?propertyId={id}`, seen),
    'PUT /v1/staff/leave-requests/{id}/approval': ofOwner(
      `${path}/leave-requests/{id}/approval`,
      leading,
      (ids) => ids.leaveRequest(),
      { decision: 'rejected' },
    ),
    'POST /v1/staff/leave-requests/{id}/cancellation': ofOwner(
      `${path}/leave-requests/{id}/cancellation`,
      { ...seen, staff: 404, auditor: 403 },
      (ids) => ids.leaveRequest(),
    ),
    'GET /v1/staff/leave-balances': simply(`${path}/leave-balances?year=2026`, all(200)),
    'POST /v1/staff/leave-grants': {
      ask: async (ids) => {
        const [userId, leaveTypeId] = [await ids.user(), await ids.leaveType()];
        const body = { userId, leaveTypeId, year: 2026, days: 1, reason: 'Of the table' };
        return { path: `${path}/leave-grants`, body, headers: newKey(), ids: [userId, leaveTypeId] };
      },
      statuses: { ...all(201), stranger: 422, staff: 403, auditor: 403 },
    },
    'GET /v1/staff/leave-statistics': ofProperty(`${path}/leave-statistics?year=2026&propertyId={id}`, seen),
    'POST /v1/staff/leave-types': {
      ask: () => ({
        path: `${path}/leave-types`,
        body: { name: `Of the table ${++names}` },
        headers: newKey(),
        ids: [],
      }),
      statuses: { ...all(403), owner: 201, stranger: 201 },
    },
    'GET /v1/staff/leave-types': simply(`${path}/leave-types`, all(200)),
    'GET /v1/staff/leave-types/{id}': ofOwner(
      `${path}/leave-types/{id}`,
      { ...all(200), stranger: 404 },
      ({ leaveType }) => leaveType(),
    ),
    'PATCH /v1/staff/leave-types/{id}': ofOwner(
      `${path}/leave-types/{id}`,
      owning(200),
      ({ leaveType }) => leaveType(),
      { daysPerYear: 7 },
    ),
    'DELETE /v1/staff/leave-types/{id}': ofOwner(`${path}/leave-types/{id}`, owning(204), ({ leaveType }) =>
      leaveType(),
    ),
    'GET /v1/staff/properties/{id}/rules': ofProperty(`${path}/properties/{id}/rules`, { ...seen, staff: 403 }),
    'PUT /v1/staff/properties/{id}/rules': ofProperty(`${path}/properties/{id}/rules`, leading, () => ({})),
  };
}
