import { randomUUID } from 'node:crypto';
import { ApiSession, type Credentials } from './api-session';
import { ImportStopped } from './import-stopped';
import { type ApiRequest, type Connection, ProblemAnswer, requestPersistently } from './persistent-request';

export interface Property {
  readonly id: number | string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly businessDayStartsAt: string;
}

export interface RevenueItem {
  readonly propertyId: number | string;
  readonly amountCents: number;
  readonly description: string;
  readonly category: string;
  readonly occurredAt: string;
  readonly externalReference: string;
}

/** A party that came and left, or was cancelled. */
export interface StayItem {
  readonly propertyId: number | string;
  readonly externalReference: string;
  readonly adults: number;
  readonly children: number;
  readonly country?: string;
  readonly arrivesOn: string;
  readonly departsOn: string;
  readonly outcome: string;
  readonly checkedInAt?: string;
  readonly checkedOutAt?: string;
  readonly cancellationReason?: string;
}

/** Why an item was refused, if it was. */
export interface Refusal {
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

export interface StayResult extends Refusal {
  readonly index: number;
  readonly status: 'recorded' | 'known' | 'invalid';
}

export interface RevenueResult extends StayResult {
  readonly transaction?: { readonly id: string; readonly status: string };
}

export interface ApprovalResult {
  readonly id: string;
  readonly status: 'approved' | 'unchanged' | 'refused';
  readonly problem?: { readonly title?: string; readonly detail?: string };
}

/** The public routes that an import uses. */
export class ApiClient {
  readonly #session: ApiSession;
  readonly #run = randomUUID();
  #requests = 0;

  constructor(
    private readonly connection: Connection,
    credentials: Credentials,
  ) {
    this.#session = new ApiSession(connection, credentials);
  }

  getProperty(id: string): Promise<Property> {
    return this.#send<Property>({ method: 'GET', path: `/v1/properties/${encodeURIComponent(id)}` });
  }

  async recordRevenues(items: readonly RevenueItem[]): Promise<readonly RevenueResult[]> {
    return this.#sendBatch<RevenueResult>('/v1/finance/revenues/bulk', { items }, items.length);
  }

  async recordStays(items: readonly StayItem[]): Promise<readonly StayResult[]> {
    return this.#sendBatch<StayResult>('/v1/guest-checkin/bulk', { items }, items.length);
  }

  async approve(transactionIds: readonly string[]): Promise<readonly ApprovalResult[]> {
    const body = { decision: 'approved', transactionIds };
    return this.#sendBatch<ApprovalResult>('/v1/finance/approvals/bulk', body, transactionIds.length);
  }

  /**
   * The key belongs to this run, not to the batch's content: it makes a retry harmless, while a later run must get an answer of its
   * own, not the replay of one that calls a transaction pending that was approved since. What makes the later run harmless is the
   * external references.
   */
  async #sendBatch<Result>(path: string, body: unknown, expected: number): Promise<readonly Result[]> {
    this.#requests += 1;
    const headers = { 'idempotency-key': `import-${this.#run}-${this.#requests}` };
    const { results } = await this.#send<{ results?: readonly Result[] }>({ method: 'POST', path, headers, body });
    if (results?.length !== expected) {
      throw new ImportStopped(`${path} answered with ${results?.length ?? 'no'} results for ${expected} items`);
    }
    return results;
  }

  async #send<Answer>(request: ApiRequest): Promise<Answer> {
    const send = (token: string): Promise<Answer> =>
      requestPersistently<Answer>(this.connection, {
        ...request,
        headers: { ...request.headers, authorization: `Bearer ${token}` },
      });
    const token = await this.#session.token();
    try {
      return await send(token);
    } catch (error) {
      // The token can expire while the request is being retried, or be revoked.
      if (error instanceof ProblemAnswer && error.status === 401) return send(await this.#session.tokenAnew());
      throw error;
    }
  }
}
