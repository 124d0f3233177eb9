import { type Answer, newKey } from './api-client';
import { guestRoutes } from './guest-route-expectations';
import { type Kind, newEmail, password } from './members';
import type { Actor, Ids } from './scene';
import { bookRoutes } from './book-expectations';
import { documentRoutes } from './document-expectations';
import { exportRoutes } from './export-expectations';
import { taskRoutes } from './task-expectations';
import { staffRoutes } from './staff-expectations';

export type Statuses = Readonly<Record<Actor, number>>;

export interface Asked {
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** The ids in it, for comparing answers that differ only in them. */
  readonly ids: readonly (string | number)[];
}

/** What a route answers to whom, when it is asked about the first organization's things. */
export interface RouteExpectation {
  ask(ids: Ids): Promise<Asked> | Asked;
  readonly statuses: Statuses;
  /** Looks at an answer to somebody who may not see what was asked about, where its status alone does not say so. */
  readonly check?: (answer: Answer) => void;
  /** Whether it may end the session that asks: then each actor asks in one of its own. */
  readonly endsSession?: true;
  /** The status of success, where nobody here succeeds. */
  readonly documented?: number;
  /** Another success that is documented. */
  readonly alsoDocumented?: number;
}

const all = (status: number): Statuses => ({
  nobody: 401,
  expired: 401,
  suspended: 401,
  stranger: status,
  owner: status,
  manager: status,
  staff: status,
  auditor: status,
  elsewhere: status,
  // The token of an operator is for other routes.
  operator: 401,
});
const operated: Statuses = { ...all(401), operator: 200 };
/** Members see it, to others it is absent. */
const seen = { ...all(200), stranger: 404, elsewhere: 404 };
const ownersOnly = (status: number): Statuses => ({ ...all(403), stranger: status, owner: status });
/** For those who answer for what was done, and those who check them. */
const audited = { ...ownersOnly(200), auditor: 200 };
/** Absent for members who may not see it; who sees everything of an organization hears nothing of another's. */
const seenByScope = { ...all(200), elsewhere: 404 };
const managed = (status: number) => ({ ...seen, owner: status, manager: status, staff: 403, auditor: 403 });

const simply = (path: string, statuses: Statuses, body?: unknown): RouteExpectation => ({
  ask: () => ({ path, body, headers: newKey(), ids: [] }),
  statuses,
});
const ofProperty = (path: string, statuses: Statuses, body?: (propertyId: number) => unknown): RouteExpectation => ({
  ask: ({ propertyId }) => ({
    path: path.replace('{id}', String(propertyId)),
    body: body?.(propertyId),
    headers: newKey(),
    ids: [propertyId],
  }),
  statuses,
});
const ofTransaction = (
  kind: Kind,
  state: 'pending' | 'approved',
  suffix: string,
  statuses: Statuses,
  body?: unknown,
): RouteExpectation => ({
  ask: async (ids) => {
    const id = await ids[state](kind);
    return { path: `/v1/finance/${kind}s/${id}${suffix}`, body, ids: [id] };
  },
  statuses,
});

const ofAccount = (path: string, status: number, body?: unknown, documented?: number): RouteExpectation => ({
  ...simply(path, all(status), body),
  endsSession: true,
  documented,
});
/** What is asked about by an id that only the owner of the first organization may touch. */
const ofOwner = (path: string, statuses: Statuses, id: (ids: Ids) => Promise<string | number>, body?: unknown) => ({
  ask: async (ids: Ids) => {
    const asked = await id(ids);
    return { path: path.replace('{id}', String(asked)), body, headers: newKey(), ids: [asked] };
  },
  statuses,
});
/** With a wrong password, since it would end everything. */
const simplyRefused: RouteExpectation = {
  ...simply('/v1/organization/closure', all(403), { password: 'not this one' }),
  documented: 204,
};
const proof = { password, code: '000000' };

const isRefused = (code: string) => (answer: Answer) => {
  const { results } = answer.as<{ results: { code?: string; problem?: { code: string } }[] }>(200);
  expect(results.map((result) => result.code ?? result.problem?.code)).toEqual([code]);
};

const particulars = { amountCents: 100, description: 'Of the table' };

function ofKind(kind: Kind): Record<string, RouteExpectation> {
  const path = `/v1/finance/${kind}s`;
  const recording = { ...all(201), stranger: 422, elsewhere: 422, auditor: 403 };
  return {
    [`POST ${path}`]: ofProperty(path, recording, (propertyId) => ({ ...particulars, propertyId })),
    [`POST ${path}/bulk`]: {
      ...ofProperty(`${path}/bulk`, { ...all(200), auditor: 403 }, (propertyId) => ({
        items: [{ ...particulars, propertyId }],
      })),
      check: isRefused('property-unknown'),
    },
    [`GET ${path}`]: ofProperty(`${path}?propertyId={id}`, seen),
    [`GET ${path}/{id}`]: ofTransaction(kind, 'pending', '', seen),
    // Recorded by the owner: staff change only what is their own.
    [`PATCH ${path}/{id}`]: ofTransaction(kind, 'pending', '', managed(200), { amountCents: 7 }),
    [`DELETE ${path}/{id}`]: ofTransaction(kind, 'pending', '', managed(204)),
    [`PUT ${path}/{id}/approval`]: ofTransaction(kind, 'pending', '/approval', managed(200), { decision: 'approved' }),
    [`POST ${path}/{id}/reversal`]: ofTransaction(kind, 'approved', '/reversal', managed(201), {}),
  };
}

/** The id of nothing. */

/** Every route of the API. One that is documented and not here fails a test. */
export const routes: Record<string, RouteExpectation | 'open'> = {
  'POST /v1/auth/signup': 'open',
  'POST /v1/auth/login': 'open',
  'POST /v1/auth/login/second-factor': 'open',
  'POST /v1/auth/refresh': 'open',
  'POST /v1/auth/password-resets': 'open',
  'POST /v1/auth/password-resets/{token}': 'open',
  'POST /v1/auth/email-verifications/{token}': 'open',
  'POST /v1/auth/invitations/{token}': 'open',
  'GET /.well-known/jwks.json': 'open',
  'GET /v1/auth/me': simply('/v1/auth/me', all(200)),
  'POST /v1/auth/logout': ofAccount('/v1/auth/logout', 204),
  'POST /v1/auth/email-verifications': simply('/v1/auth/email-verifications', all(202)),
  'PUT /v1/auth/password': simply('/v1/auth/password', all(204), { currentPassword: password, newPassword: password }),
  'GET /v1/auth/sessions': simply('/v1/auth/sessions', all(200)),
  // Nobody sees a session of somebody else.
  'DELETE /v1/auth/sessions/{id}': ofOwner('/v1/auth/sessions/{id}', { ...all(404), owner: 204 }, ({ session }) =>
    session(),
  ),
  'DELETE /v1/auth/sessions': simply('/v1/auth/sessions', all(204)),
  'GET /v1/auth/second-factor': simply('/v1/auth/second-factor', all(200)),
  'POST /v1/auth/second-factor': simply('/v1/auth/second-factor', all(201), { password }),
  'POST /v1/auth/second-factor/confirmation': ofAccount(
    '/v1/auth/second-factor/confirmation',
    403,
    { code: '000000' },
    200,
  ),
  'POST /v1/auth/second-factor/recovery-codes': ofAccount('/v1/auth/second-factor/recovery-codes', 409, proof, 200),
  'POST /v1/auth/second-factor/removal': ofAccount('/v1/auth/second-factor/removal', 409, proof, 204),
  'POST /v1/api-keys': ofProperty('/v1/api-keys', { ...all(403), stranger: 422, owner: 201 }, (propertyId) => ({
    name: 'Of the table',
    role: 'auditor',
    scopes: ['finance:read'],
    propertyIds: [propertyId],
  })),
  'GET /v1/api-keys': simply('/v1/api-keys', { ...all(403), stranger: 200, owner: 200 }),
  'DELETE /v1/api-keys/{id}': ofOwner('/v1/api-keys/{id}', { ...all(403), owner: 204, stranger: 404 }, ({ apiKey }) =>
    apiKey(),
  ),
  'POST /v1/organization/closure': simplyRefused,
  'GET /v1/organization/operator-actions': simply('/v1/organization/operator-actions', {
    ...all(403),
    stranger: 200,
    owner: 200,
  }),
  ...exportRoutes({ all, simply, ofProperty, ofOwner }),
  ...documentRoutes({ all, simply, ofOwner }),
  'PUT /v1/system/organizations/{id}/status': ofOwner(
    '/v1/system/organizations/{id}/status',
    operated,
    ({ organization }) => organization(),
    { status: 'suspended', reason: 'Of the table' },
  ),
  'POST /v1/system/organizations/{id}/support-access': ofOwner(
    '/v1/system/organizations/{id}/support-access',
    { ...operated, operator: 201 },
    ({ organization }) => organization(),
    { reason: 'Of the table' },
  ),
  'PATCH /v1/users/{id}': ofOwner('/v1/users/{id}', { ...all(403), owner: 200, stranger: 404 }, ({ user }) => user(), {
    role: 'auditor',
  }),
  'GET /v1/users': simply('/v1/users', { ...all(200), staff: 403, auditor: 403 }),
  'GET /v1/users/properties': simply('/v1/users/properties', all(200)),
  'POST /v1/users/invitations': ofProperty(
    '/v1/users/invitations',
    { ...all(403), stranger: 422, owner: 201 },
    (propertyId) => ({ email: newEmail(), role: 'staff', propertyIds: [propertyId] }),
  ),
  'GET /v1/users/invitations': simply('/v1/users/invitations', { ...all(403), stranger: 200, owner: 200 }),
  'POST /v1/users/invitations/{id}/withdrawal': ofOwner(
    '/v1/users/invitations/{id}/withdrawal',
    { ...all(403), stranger: 404, owner: 204 },
    ({ invitation }) => invitation(),
  ),
  'POST /v1/users/{id}/erasure': {
    ask: async (ids) => {
      const id = await ids.user();
      return { path: `/v1/users/${id}/erasure`, headers: newKey(), ids: [id] };
    },
    statuses: { ...all(403), stranger: 404, owner: 200 },
  },
  'GET /v1/organization/plan': simply('/v1/organization/plan', { ...all(200), staff: 403, auditor: 403 }),
  'PUT /v1/system/organizations/{id}/plan': ofOwner(
    '/v1/system/organizations/{id}/plan',
    operated,
    ({ organization }) => organization(),
    { plan: 'business', reason: 'Of the table' },
  ),
  ...taskRoutes({ all, simply, ofProperty }),
  'GET /v1/members': simply('/v1/members', all(200)),
  'POST /v1/properties': simply(
    '/v1/properties',
    { ...all(201), staff: 403, auditor: 403, elsewhere: 403 },
    { name: 'Of the table', timeZone: 'Europe/Lisbon', currency: 'EUR' },
  ),
  'GET /v1/properties': simply('/v1/properties', all(200)),
  'GET /v1/properties/{id}': ofProperty('/v1/properties/{id}', seen),
  'PATCH /v1/properties/{id}': ofProperty('/v1/properties/{id}', managed(200), () => ({
    businessDayStartsAt: '03:00',
  })),
  ...guestRoutes({ all, seen, managed, ofProperty, isRefused }),
  'POST /v1/finance/approvals/bulk': {
    ask: async (ids) => {
      const id = await ids.pending('expense');
      const body = { decision: 'approved', transactionIds: [id] };
      return { path: '/v1/finance/approvals/bulk', body, headers: newKey(), ids: [id] };
    },
    statuses: { ...all(200), staff: 403, auditor: 403 },
    check: isRefused('not-found'),
  },
  'GET /v1/finance/pending-approvals': ofProperty('/v1/finance/pending-approvals?propertyId={id}', seen),
  'GET /v1/finance/today-pending-transactions': ofProperty(
    '/v1/finance/today-pending-transactions?propertyId={id}',
    seen,
  ),
  'GET /v1/finance/profit-loss': ofProperty('/v1/finance/profit-loss?propertyId={id}&year=2026', seen),
  'GET /v1/audit-log': simply('/v1/audit-log', audited),
  'GET /v1/audit-log/verification': simply('/v1/audit-log/verification', audited),
  'GET /v1/dashboard': simply('/v1/dashboard', all(200)),
  'GET /v1/finance/summary': ofProperty('/v1/finance/summary?propertyId={id}', seen),
  ...ofKind('expense'),
  ...ofKind('revenue'),
  ...bookRoutes({ all, simply, ofProperty, ofOwner }),
  ...staffRoutes({ all, simply, ofProperty, ofOwner }),
  'POST /v1/cache/purge': {
    ...ofProperty('/v1/cache/purge', { ...ownersOnly(202), stranger: 422 }, (propertyId) => ({
      keys: [`property:${propertyId}`],
    })),
    alsoDocumented: 200,
  },
  // Of an organization that is nobody's here.
  'POST /v1/cache/purge/org/{orgId}': {
    ...ofOwner('/v1/cache/purge/org/{id}', ownersOnly(404), ({ organization }) => organization()),
    documented: 202,
    alsoDocumented: 200,
  },
  'POST /v1/cache/purge/property/{propertyId}': {
    ...ofProperty('/v1/cache/purge/property/{id}', { ...ownersOnly(202), stranger: 404 }),
    alsoDocumented: 200,
  },
  'GET /v1/cache/purges': simply('/v1/cache/purges', ownersOnly(200)),
  // None of these is the receipt of anything.
  'GET /v1/cache/purges/{id}': {
    ...simply('/v1/cache/purges/0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11', ownersOnly(404)),
    documented: 200,
  },
  'GET /v1/cache/cdn/status': simply('/v1/cache/cdn/status', ownersOnly(200)),
  'POST /v1/system/cache/purge/org/{orgId}': {
    ...ofOwner(
      '/v1/system/cache/purge/org/{id}',
      { ...operated, operator: 202 },
      ({ organization }) => organization(),
      { reason: 'Of the table' },
    ),
    alsoDocumented: 200,
  },
  'GET /v1/system/cache/purges': simply('/v1/system/cache/purges', operated),
  'POST /v2/realtime/tickets': simply('/v2/realtime/tickets', all(201)),
  'GET /v2/realtime/stream': ofProperty('/v2/realtime/stream?follow=false&properties={id}', seenByScope),
  // Nobody has a stream by this id.
  'PATCH /v2/realtime/streams/{id}': {
    ...simply('/v2/realtime/streams/0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11', all(404), { services: ['finance'] }),
    documented: 202,
  },
  'GET /v2/realtime/metrics': simply('/v2/realtime/metrics', operated),
  ...Object.fromEntries(
    ['finance', 'properties', 'tasks', 'guest-checkin', 'staff', 'analytics'].flatMap((service) => [
      [
        `GET /v1/${service}/realtime/subscribe`,
        ofProperty(`/v1/${service}/realtime/subscribe?wait=0&propertyId={id}`, seenByScope),
      ],
      [`GET /v1/${service}/realtime/metrics`, simply(`/v1/${service}/realtime/metrics`, operated)],
    ]),
  ),
  'POST /v1/system/auth/login': 'open',
  'GET /v1/system/projections': simply('/v1/system/projections', operated),
  'GET /v1/system/projections/lag': simply('/v1/system/projections/lag', operated),
  'GET /v1/system/monitoring/partitions/verify': simply('/v1/system/monitoring/partitions/verify', operated),
  'POST /v1/system/monitoring/partitions/migrate': simply('/v1/system/monitoring/partitions/migrate', operated),
  'POST /v1/system/cache/warm': simply('/v1/system/cache/warm', operated, {}),
  'GET /v1/system/monitoring/views': simply('/v1/system/monitoring/views', operated),
  'GET /v1/reports/daily-report': ofProperty('/v1/reports/daily-report?propertyId={id}&date=2026-03-10', seen),
  'GET /v1/reports/monthly-report': ofProperty('/v1/reports/monthly-report?propertyId={id}&year=2026&month=3', seen),
  'GET /v1/reports/date-transactions': ofProperty(
    '/v1/reports/date-transactions?propertyId={id}&date=2026-03-10',
    seen,
  ),
};
