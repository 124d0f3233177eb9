import { randomUUID } from 'node:crypto';
import { addDays } from '@innkeep/contracts';
import type { Client } from './client';
import { type Kind, kinds } from './kinds';

/** Who asks. `limited` sees one property, `key` is an API key that may only read; the last two are nobody. */
export const actors = [
  'owner',
  'manager',
  'staff',
  'auditor',
  'limited',
  'key',
  'operator',
  'nobody',
  'forger',
] as const;
export type Actor = (typeof actors)[number];

type Known = Record<Kind, (string | number)[]>;
const nothing = (): Known => Object.fromEntries(kinds.map((kind) => [kind, [] as (string | number)[]])) as Known;

const password = 'a river runs by it';
const KEPT = 40;

interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly organizationId: number;
  readonly userId: number;
}

/** An organization with members, as requests know it: what it has, and the tokens of who may ask. */
export class Organization {
  readonly known = nothing();
  readonly tokens = new Map<Actor, string>();
  private readonly emails = new Map<Actor, string>();

  private constructor(
    private readonly client: Client,
    /** A word that is in everything the organization has. */
    readonly mark: string,
  ) {}

  static async make(client: Client, mark: string): Promise<Organization> {
    const organization = new Organization(client, mark);
    await organization.signUp();
    await organization.furnish();
    return organization;
  }

  /** Remembers what an answer told, to be asked about later. */
  learn(kind: Kind, id: string | number): void {
    const known = this.known[kind];
    if (known.includes(id)) return;
    known.push(id);
    if (known.length > KEPT) known.splice(Math.floor(known.length / 2), 1);
  }

  /** Signs an actor in again; false if that cannot be. */
  async revive(actor: Actor): Promise<boolean> {
    if (actor === 'key')
      return this.makeKey().then(
        () => true,
        () => false,
      );
    const email = this.emails.get(actor);
    if (!email) return actor === 'operator';
    const { status, text } = await this.call(undefined, 'POST', '/v1/auth/login', { email, password });
    if (status !== 200) return false;
    const session = JSON.parse(text) as SignedIn;
    if (!session.accessToken) return false;
    this.note(actor, session);
    return true;
  }

  async call(token: string | undefined, method: string, path: string, body?: object) {
    const headers = {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
      'idempotency-key': randomUUID(),
    };
    return this.client.send({ method, path, headers, body: body && Buffer.from(JSON.stringify(body)) });
  }

  async must<Body>(actor: Actor | undefined, method: string, path: string, body?: object): Promise<Body> {
    const { status, text } = await this.call(actor && this.tokens.get(actor), method, path, body);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text.slice(0, 300)}`);
    return (text ? JSON.parse(text) : undefined) as Body;
  }

  private newEmail(actor: Actor): string {
    const email = `${this.mark}.${randomUUID()}@guests.example`;
    this.emails.set(actor, email);
    this.learn('emails', email);
    return email;
  }

  private note(actor: Actor, { accessToken, refreshToken, userId }: SignedIn): void {
    this.tokens.set(actor, accessToken);
    this.learn('users', userId);
    this.learn('tokens', refreshToken);
  }

  private async signUp(): Promise<void> {
    const person = { organizationName: `${this.mark} inns`, name: `${this.mark} owner`, password };
    const session = await this.must<SignedIn>(undefined, 'POST', '/v1/auth/signup', {
      ...person,
      email: this.newEmail('owner'),
    });
    this.note('owner', session);
    this.learn('organizations', session.organizationId);
  }

  private async furnish(): Promise<void> {
    for (let index = 0; index < 3; index++) {
      const property = { name: `${this.mark} house ${index}`, timeZone: 'Europe/Lisbon', currency: 'EUR' };
      this.learn('properties', (await this.must<{ id: number }>('owner', 'POST', '/v1/properties', property)).id);
    }
    for (const actor of ['manager', 'staff', 'auditor', 'limited'] as const) await this.invite(actor);
    await this.makeKey();
    for (let index = 0; index < 6; index++) {
      const particulars = {
        amountCents: 100 + index,
        description: `${this.mark} stay ${index}`,
        category: `${this.mark} rooms`,
      };
      const body = {
        ...particulars,
        propertyId: this.known.properties[index % 3],
        externalReference: `${this.mark}-${index}`,
      };
      const path = `/v1/finance/${index % 2 ? 'expenses' : 'revenues'}`;
      const { id } = await this.must<{ id: string }>('owner', 'POST', path, body);
      this.learn('transactions', id);
      if (index < 3) await this.must('owner', 'PUT', `${path}/${id}/approval`, { decision: 'approved' });
    }
    await this.receive();
    const sessions = await this.must<{ data: { id: string }[] }>('owner', 'GET', '/v1/auth/sessions');
    for (const { id } of sessions.data) this.learn('sessions', id);
  }

  /** A room, a party that has come, and something to do for it. */
  private async receive(): Promise<void> {
    const [propertyId] = this.known.properties;
    const room = { name: `${this.mark} 12`, unitType: `${this.mark} double`, capacity: 2 };
    const party = {
      propertyId,
      guestName: `${this.mark} guest`,
      departsOn: addDays(new Date().toISOString().slice(0, 10), 30),
    };
    const task = { propertyId, title: `${this.mark} towels`, checklist: [`${this.mark} bath`] };
    const made = async (path: string, body: object) =>
      (await this.must<{ id: string }>('owner', 'POST', path, body)).id;
    this.learn('units', await made(`/v1/properties/${propertyId}/units`, room));
    this.learn('stays', await made('/v1/guest-checkin/create', party));
    this.learn('tasks', await made('/v1/tasks', task));
    const invitation = { email: this.newEmail('nobody'), role: 'staff', propertyIds: null };
    this.learn('invitations', await made('/v1/users/invitations', invitation));
  }

  private async makeKey(): Promise<void> {
    const scopes = ['finance:read', 'reports:read'];
    const key = { name: `${this.mark} key`, role: 'auditor', scopes, propertyIds: null };
    const made = await this.must<{ id: string; key: string }>('owner', 'POST', '/v1/api-keys', key);
    this.learn('apiKeys', made.id);
    this.tokens.set('key', made.key);
  }

  private async invite(actor: Actor): Promise<void> {
    const email = this.newEmail(actor);
    const isLimited = actor === 'limited';
    const propertyIds = isLimited ? [this.known.properties[0]] : null;
    const role = isLimited ? 'manager' : actor;
    const invitation = { email, role, propertyIds, name: `${this.mark} ${actor}` };
    const { token } = await this.must<{ token: string }>('owner', 'POST', '/v1/users/invitations', invitation);
    const person = { name: `${this.mark} ${actor}`, password };
    this.note(actor, await this.must<SignedIn>(undefined, 'POST', `/v1/auth/invitations/${token}`, person));
  }
}
