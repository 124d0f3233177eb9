import { randomBytes } from 'node:crypto';
import { type Answer, ApiClient } from './api-client';

export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: string;
  readonly expiresIn: number;
  readonly organizationId: number;
  readonly userId: number;
}

export interface Property {
  readonly id: number;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly businessDayStartsAt: string;
}

export type Kind = 'expense' | 'revenue';
export type Role = 'owner' | 'manager' | 'staff' | 'auditor';

export interface Transaction {
  readonly id: string;
  readonly kind: Kind;
  readonly propertyId: number;
  readonly amountCents: number;
  readonly status: string;
  readonly businessDay: string;
  readonly occurredAt: string;
  readonly currency: string;
  readonly externalReference: string | null;
  readonly reversalOf: string | null;
}

export interface Stay {
  readonly id: string;
  readonly propertyId: number;
  readonly status: string;
  readonly guestName: string | null;
  readonly unitIds: readonly string[];
  readonly arrivedOn: string | null;
  readonly departedOn: string | null;
  readonly identity: { readonly documentType: string; readonly number: string } | null;
  readonly externalReference: string | null;
}

export interface Unit {
  readonly id: string;
  readonly name: string;
}

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}

export const password = 'a river runs by it';

/** The day so many days from now. */
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** An address that nobody has used. */
export const newEmail = (): string => `${randomBytes(8).toString('hex')}@guests.example`;

/** A member of an organization, signed in. */
export class Member extends ApiClient {
  constructor(
    url: string,
    readonly session: SignedIn,
    readonly email: string,
  ) {
    super(url, session.accessToken);
  }

  get userId(): number {
    return this.session.userId;
  }

  get organizationId(): number {
    return this.session.organizationId;
  }

  /** The session that the access token is of. */
  get sessionId(): string {
    const payload = Buffer.from(this.session.accessToken.split('.')[1]!, 'base64url').toString();
    return (JSON.parse(payload) as { sid: string }).sid;
  }

  /** The same member at another address of the API. */
  through(url: string): Member {
    return new Member(url, this.session, this.email);
  }

  async invite(role: Role, propertyIds: readonly number[] | null = null): Promise<Member> {
    const email = newEmail();
    const invited = await this.post('/v1/users/invitations', { email, role, propertyIds });
    const { token } = invited.as<{ token: string }>(201);
    const accepted = await this.post(`/v1/auth/invitations/${token}`, { name: role, password });
    return new Member(this.url, accepted.as<SignedIn>(201), email);
  }

  async addProperty(particulars: Partial<Property> = {}): Promise<Property> {
    const body = { name: 'Casa do Rio', timeZone: 'Europe/Lisbon', currency: 'EUR', ...particulars };
    return (await this.post('/v1/properties', body)).as<Property>(201);
  }

  async addUnit(propertyId: number, particulars: Record<string, unknown> = {}): Promise<Unit> {
    const body = { name: randomBytes(6).toString('hex'), unitType: 'double', capacity: 2, ...particulars };
    return (await this.post(`/v1/properties/${propertyId}/units`, body)).as<Unit>(201);
  }

  /** Checks a party in that stays for a month, unless it is said otherwise. */
  async checkIn(propertyId: number, particulars: Record<string, unknown> = {}): Promise<Stay> {
    const body = { propertyId, guestName: 'Inês Carvalho', departsOn: inDays(30), ...particulars };
    return (await this.post('/v1/guest-checkin/create', body)).as<Stay>(201);
  }

  record(kind: Kind, propertyId: number, particulars: Record<string, unknown> = {}): Promise<Answer> {
    const body = { propertyId, amountCents: 1_000, description: `An ${kind} of the tests`, ...particulars };
    return this.post(`/v1/finance/${kind}s`, body);
  }

  decide(kind: Kind, id: string, decision: 'approved' | 'rejected' = 'approved'): Promise<Answer> {
    return this.put(`/v1/finance/${kind}s/${id}/approval`, { decision });
  }

  /** Records and approves; answers with the transaction and the position at which it counts. */
  async recordApproved(
    kind: Kind,
    propertyId: number,
    particulars: Record<string, unknown> = {},
  ): Promise<{ transaction: Transaction; position: number }> {
    const recorded = (await this.record(kind, propertyId, particulars)).as<Transaction>(201);
    const approved = await this.decide(kind, recorded.id);
    return { transaction: approved.as<Transaction>(200), position: approved.position };
  }
}

/** Makes an organization and answers with its owner. */
export async function signUp(anybody: ApiClient, organizationName = 'Casas do Rio'): Promise<Member> {
  const email = newEmail();
  const answer = await anybody.post('/v1/auth/signup', { organizationName, name: 'Ana Duarte', email, password });
  return new Member(anybody.url, answer.as<SignedIn>(201), email);
}

/** The same member in a session of its own. */
export async function signInAgain(anybody: ApiClient, { email }: Member): Promise<Member> {
  const answer = await anybody.post('/v1/auth/login', { email, password });
  return new Member(anybody.url, answer.as<SignedIn>(200), email);
}
