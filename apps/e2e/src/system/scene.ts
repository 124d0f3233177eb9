import { randomBytes } from 'node:crypto';
import { eventually } from '@innkeep/testing';
import { type JWTPayload, SignJWT, importJWK } from 'jose';
import { ApiClient } from './api-client';
import { addFile, putFile } from './files';
import type { InnkeepUnderTest } from './innkeep-under-test';
import { type Kind, type Member, type Property, type Transaction, newEmail, signInAgain, signUp } from './members';
import { type StaffIds, staffIds } from './staff-scene';

/**
 * `stranger` owns another organization, `elsewhere` is a manager of another property, `operator` belongs to none. `expired` is the owner
 * with an access token that has ended, `suspended` owns an organization that was suspended after signing in.
 */
export const actors = [
  ...(['nobody', 'expired', 'stranger', 'suspended'] as const),
  ...(['owner', 'manager', 'staff', 'auditor', 'elsewhere', 'operator'] as const),
] as const;
export type Actor = (typeof actors)[number];

/** Ids that a request may name. Transactions are fresh ones: asking may change them. */
export interface Ids extends StaffIds {
  readonly propertyId: number;
  pending(kind: Kind): Promise<string>;
  approved(kind: Kind): Promise<string>;
  /** A business day of the property that was closed. */
  closedDay(): Promise<string>;
  /** What the organization has laid down for its books, that nothing else uses. */
  category(): Promise<string>;
  /** An import into the property. */
  import(): Promise<string>;
  tax(): Promise<string>;
  approvalRule(): Promise<string>;
  /** A stay that nothing else uses, with an identity. */
  stay(status: 'expected' | 'in-house'): Promise<string>;
  /** A unit of the property. */
  unit(): Promise<string>;
  /** A session of the owner that nothing else uses. */
  session(): Promise<string>;
  /** A user that nothing else uses. */
  user(): Promise<number>;
  /** An organization that nothing else uses. */
  organization(): Promise<number>;
  /** An API key that nothing else uses. */
  apiKey(): Promise<string>;
  invitation(): Promise<string>;
  /** A report that the owner has asked for as a file. */
  reportExport(): Promise<string>;
  /** An upload of the owner whose file is there, and which nothing else completes. */
  upload(): Promise<string>;
  /** A document of the property. */
  document(): Promise<string>;
  /** An export of the organization. */
  export(): Promise<string>;
  /** A task that the owner made and is to do, and the item of its checklist. */
  task(): Promise<{ readonly id: string; readonly itemId: string }>;
}

/** Two organizations. The first has everything; all its words hold the marker, so that a leak can be seen. */
export interface Scene extends Record<Exclude<Actor, 'nobody' | 'expired' | 'operator'>, Member> {
  readonly marker: string;
  readonly property: Property;
  /** The one property that `elsewhere` looks after. */
  readonly other: Property;
  /** What the owner's organization has. */
  readonly ids: Ids;
  /** Ids of the same form that nobody has. */
  readonly nowhere: Ids;
  client(actor: Actor): ApiClient;
  /** The actor in a session of its own, which may be ended. */
  newSession(actor: Actor): Promise<ApiClient>;
}

export async function setScene(innkeep: InnkeepUnderTest): Promise<Scene> {
  const { anybody } = innkeep;
  const operator = await innkeep.signInOperator();
  const marker = `mark${randomBytes(6).toString('hex')}`;
  const [owner, stranger] = await Promise.all([signUp(anybody, marker), signUp(anybody, 'Strangers')]);
  const property = await owner.addProperty({ name: `${marker} house` });
  const other = await owner.addProperty({ name: 'The other house' });
  const manager = await owner.invite('manager');
  const staff = await owner.invite('staff');
  const auditor = await owner.invite('auditor');
  const elsewhere = await owner.invite('manager', [other.id]);
  const description = `${marker} stay`;
  for (const kind of ['expense', 'revenue'] as const) await owner.recordApproved(kind, property.id, { description });
  const identity = { documentType: 'other', number: 'AB123456', nationality: 'PRT' };
  await owner.checkIn(property.id, { guestName: description, identity });
  // What is asked for without a position has to be there by then.
  const { position } = await owner.record('expense', property.id, { description });
  await owner.getAfter(position, `/v1/finance/expenses?propertyId=${property.id}`);
  let made = 0;
  const add = async (path: string, body: object, status = 201) =>
    (await owner.post(`/v1/finance/${path}`, body)).as<{ id: string }>(status).id;
  const ids: Ids = {
    propertyId: property.id,
    pending: async (kind) => (await owner.record(kind, property.id, { description })).as<Transaction>(201).id,
    approved: async (kind) => (await owner.recordApproved(kind, property.id, { description })).transaction.id,
    stay: async (status) =>
      (await owner.checkIn(property.id, { guestName: description, isExpected: status === 'expected', identity })).id,
    unit: async () => (await owner.addUnit(property.id)).id,
    session: async () => (await signInAgain(anybody, owner)).sessionId,
    closedDay: () => {
      const businessDay = new Date(Date.UTC(2025, 0, ++made)).toISOString().slice(0, 10);
      return add('days/close', { propertyId: property.id, businessDay, note: marker }, 200);
    },
    import: async () => {
      const path = `/v1/finance/imports?kind=expense&propertyId=${property.id}`;
      const rows = [{ date: '2026-01-01', amount: '1', description: `${marker} ${++made}` }];
      return (await owner.post(path, { rows })).as<{ import: { id: string } }>(200).import.id;
    },
    category: () => add('categories', { kind: 'expense', name: `${marker} ${++made}` }),
    tax: () =>
      add('taxes', {
        ...{ name: marker, propertyId: property.id, category: marker },
        ...{ rateBasisPoints: 2300, isInclusive: true, effectiveFrom: '2026-01-01' },
      }),
    // For amounts that nothing here has.
    approvalRule: () =>
      add('approval-rules', {
        ...{ propertyId: property.id, currency: property.currency, roles: ['owner'] },
        ...{ fromCents: 1_000_000_000 + ++made, toCents: 1_000_000_001 + made },
      }),
    apiKey: async () => {
      const body = { name: marker, role: 'auditor', scopes: ['finance:read'], propertyIds: null };
      return (await owner.post('/v1/api-keys', body)).as<{ id: string }>(201).id;
    },
    invitation: async () => {
      const body = { email: newEmail(), name: marker, role: 'staff', propertyIds: null };
      return (await owner.post('/v1/users/invitations', body)).as<{ id: string }>(201).id;
    },
    upload: async () => (await putFile(owner, `transaction:${await ids.pending('expense')}`, marker)).id,
    document: async () => (await addFile(owner, `transaction:${await ids.pending('expense')}`, marker)).id,
    export: async () => (await owner.post('/v1/organization/exports')).as<{ id: string }>(202).id,
    task: async () => {
      const body = { propertyId: property.id, title: description, assigneeId: owner.userId, checklist: [marker] };
      const made = await owner.post('/v1/tasks', body);
      const { id, checklist } = made.as<{ id: string; checklist: { id: string }[] }>(201);
      (await owner.post(`/v1/tasks/${id}/comments`, { text: description })).expect(201);
      return { id, itemId: checklist[0]!.id };
    },
    reportExport: async () => {
      const body = {
        report: 'daily-report',
        format: 'csv',
        propertyId: property.id,
        from: '2026-03-01',
        to: '2026-03-31',
      };
      return (await owner.post('/v1/exports/reports', body)).as<{ id: string }>(202).id;
    },
    organization: async () => (await signUp(anybody)).organizationId,
    user: async () => (await owner.invite('staff')).userId,
    ...staffIds(owner, property.id, marker),
  };
  const missing = async () => '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11';
  const nowhere: Ids = {
    propertyId: 999_999_999,
    pending: missing,
    approved: missing,
    stay: missing,
    unit: missing,
    session: missing,
    apiKey: missing,
    invitation: missing,
    closedDay: missing,
    category: missing,
    import: missing,
    tax: missing,
    approvalRule: missing,
    upload: missing,
    document: missing,
    export: missing,
    task: async () => ({ id: await missing(), itemId: await missing() }),
    reportExport: missing,
    organization: async () => 999_999_999,
    user: async () => 999_999_999,
    ...{ shift: missing, correction: missing, leaveType: missing, leaveRequest: missing },
  };
  const suspended = await signUp(anybody, 'Suspended');
  const status = { status: 'suspended', reason: 'For the table of who may do what' };
  (await operator.put(`/v1/system/organizations/${suspended.organizationId}/status`, status)).expect(200);
  // Within five seconds at the most.
  await eventually(async () => (await suspended.get('/v1/auth/me')).expect(401));
  const members = { owner, stranger, suspended, manager, staff, auditor, elsewhere };
  const expired = new ApiClient(anybody.url, await ended(owner, innkeep.signingKeys[0]!));
  const clients: Record<Actor, ApiClient> = { ...members, nobody: anybody, expired, operator };
  const client = (actor: Actor) => clients[actor];
  // Who is kept out cannot sign in again, and has no session that could be ended.
  const isKeptOut = (actor: Actor): actor is 'nobody' | 'expired' | 'suspended' | 'operator' =>
    ['nobody', 'expired', 'suspended', 'operator'].includes(actor);
  const newSession = async (actor: Actor) => (isKeptOut(actor) ? clients[actor] : signInAgain(anybody, members[actor]));
  return { ...members, marker, property, other, ids, nowhere, client, newSession };
}

/** The access token of a member as it is when its time is over. */
async function ended({ session }: Member, key: Record<string, unknown>): Promise<string> {
  const claims = JSON.parse(Buffer.from(session.accessToken.split('.')[1]!, 'base64url').toString()) as JWTPayload;
  return new SignJWT({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 })
    .setProtectedHeader({ alg: 'EdDSA', kid: String(key.kid), typ: 'at+jwt' })
    .sign(await importJWK(key, 'EdDSA'));
}
