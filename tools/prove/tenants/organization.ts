import { randomBytes, randomUUID } from 'node:crypto';

export const roles = ['owner', 'manager', 'staff', 'auditor'] as const;
export type TenantRole = (typeof roles)[number];

/** An organization whose every text holds its canary, with a member of each role. */
export interface Tenant {
  readonly canary: string;
  readonly organizationId: number;
  readonly propertyIds: readonly number[];
  readonly tokens: Readonly<Record<TenantRole, string>>;
  /** What nobody may keep: passwords and tokens. */
  readonly secrets: readonly string[];
}

interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly organizationId: number;
}

const email = () => `${randomUUID()}@guests.example`;

/** Sends one request and answers with its body; fails if it is refused. */
export async function send<Body>(
  url: string,
  method: string,
  path: string,
  token?: string,
  body?: object,
): Promise<Body> {
  const response = await fetch(url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
    },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
  return (text ? JSON.parse(text) : undefined) as Body;
}

/** Makes an organization with two properties, a member of each role and some transactions. */
export async function makeTenant(url: string): Promise<Tenant> {
  const canary = `cnry${randomBytes(16).toString('hex')}`;
  const password = `a river runs by ${randomBytes(8).toString('hex')}`;
  const signUp = { organizationName: canary, name: canary, email: email(), password };
  const signedUp = await send<SignedIn>(url, 'POST', '/v1/auth/signup', undefined, signUp);
  const { accessToken: owner, organizationId } = signedUp;
  const secrets = [password, owner, signedUp.refreshToken];
  const propertyIds: number[] = [];
  for (const name of ['house', 'annex']) {
    const property = { name: `${canary} ${name}`, timeZone: 'Europe/Lisbon', currency: 'EUR' };
    propertyIds.push((await send<{ id: number }>(url, 'POST', '/v1/properties', owner, property)).id);
  }
  const tokens: Record<string, string> = { owner };
  for (const role of roles.slice(1)) {
    // Staff see one property only: their answers are not those of their colleagues.
    const invitation = { email: email(), role, propertyIds: role === 'staff' ? [propertyIds[0]] : null };
    const { token } = await send<{ token: string }>(url, 'POST', '/v1/users/invitations', owner, invitation);
    const accepted = await send<SignedIn>(url, 'POST', `/v1/auth/invitations/${token}`, undefined, {
      name: canary,
      password,
    });
    tokens[role] = accepted.accessToken;
    secrets.push(token, accepted.accessToken, accepted.refreshToken);
  }
  for (const propertyId of propertyIds) await record(url, { tokens: { owner }, canary }, propertyId);
  return { canary, organizationId, propertyIds, tokens: tokens as Record<TenantRole, string>, secrets };
}

/** Records and approves a revenue, so that reports change. */
export async function record(
  url: string,
  { tokens, canary }: { readonly tokens: { readonly owner: string }; readonly canary: string },
  propertyId: number,
): Promise<void> {
  const revenue = { propertyId, amountCents: 1_000, description: canary, occurredAt: '2026-03-10T12:00:00Z' };
  const { id } = await send<{ id: string }>(url, 'POST', '/v1/finance/revenues', tokens.owner, revenue);
  await send(url, 'PUT', `/v1/finance/revenues/${id}/approval`, tokens.owner, { decision: 'approved' });
}

/** The pages of an organization that are kept. */
export const pagesOf = ({ propertyIds }: Tenant): string[] => [
  ...['/v1/properties', '/v1/finance/revenues', '/v1/finance/pending-approvals', '/v1/dashboard'],
  ...propertyIds.flatMap((id) => [
    `/v1/finance/revenues?propertyId=${id}`,
    `/v1/finance/summary?propertyId=${id}`,
    `/v1/reports/daily-report?propertyId=${id}&date=2026-03-10`,
    `/v1/reports/date-transactions?propertyId=${id}&date=2026-03-10`,
    `/v1/reports/monthly-report?propertyId=${id}&year=2026&month=3`,
  ]),
];
