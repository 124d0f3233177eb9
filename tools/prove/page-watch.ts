import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Proving } from './proof';

/** Something that an owner changed: what the page shows since then. */
interface Change {
  readonly total: number;
  readonly committedAt: number;
}

/** A page that was read at the edge. */
interface Look {
  readonly total: number;
  readonly askedAt: number;
  readonly isHit: boolean;
}

const REQUEST_TIMEOUT_MS = 30_000;
const DAY = '2026-03-10';

/**
 * One owner who changes a report through the API, and readers who look at it through the edge. What was committed when and what was seen
 * when is all that is kept: how old each answer was is worked out from that.
 */
export class PageWatch {
  readonly changes: Change[] = [{ total: 0, committedAt: 0 }];
  readonly looks: Look[] = [];
  readonly failures: string[] = [];
  private token = '';
  private propertyId = 0;
  private isOn = true;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly api: string,
    private readonly edge: string,
  ) {}

  async start(proving: Proving, changesEachSecond: number): Promise<void> {
    const owner = {
      organizationName: 'Casas',
      name: 'Ana',
      email: `${randomUUID()}@guests.example`,
      password: 'a river runs by it',
    };
    this.token = (await this.send<{ accessToken: string }>('POST', '/v1/auth/signup', owner)).accessToken;
    const property = { name: 'Casa do Rio', timeZone: 'Europe/Lisbon', currency: 'EUR' };
    this.propertyId = (await this.send<{ id: number }>('POST', '/v1/properties', property)).id;
    // The read models do not know the property yet when it was made a moment ago.
    while (
      await this.look().then(
        () => false,
        () => true,
      )
    )
      await sleep(50);
    this.running = Promise.all([this.write(1_000 / changesEachSecond), this.read()]);
    proving.atEnd(() => this.stop());
  }

  async stop(): Promise<void> {
    this.isOn = false;
    await this.running;
  }

  /** Changes the report once. */
  async change(): Promise<void> {
    const { propertyId } = this;
    const revenue = { propertyId, amountCents: 1, description: 'A coin', occurredAt: `${DAY}T12:00:00Z` };
    const { id } = await this.send<{ id: string }>('POST', '/v1/finance/revenues', revenue);
    await this.send('PUT', `/v1/finance/revenues/${id}/approval`, { decision: 'approved' });
    this.changes.push({ total: this.changes.length, committedAt: Date.now() });
  }

  /** Looks at the report through the edge once. */
  async look(): Promise<Look> {
    const askedAt = Date.now();
    const path = `/v1/reports/monthly-report?propertyId=${this.propertyId}&year=2026&month=3`;
    const response = await fetch(this.edge + path, {
      headers: { authorization: `Bearer ${this.token}` },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const body = (await response.json()) as { totalReceivedCents: number };
    if (response.status !== 200) throw new Error(`the edge answered ${response.status}`);
    return { total: body.totalReceivedCents, askedAt, isHit: response.headers.get('x-cache') === 'hit' };
  }

  /** For how long what a look showed had been outdated when it was asked for, in seconds: since the first change that it lacks. */
  ageOf({ total, askedAt }: Look): number {
    const missed = this.changes[total + 1];
    return missed ? Math.max(0, (askedAt - missed.committedAt) / 1_000) : 0;
  }

  private async write(pause: number): Promise<void> {
    for (let due = performance.now(); this.isOn; due += pause) {
      await this.change().catch((error: Error) => this.failures.push(error.message));
      await sleep(Math.max(0, due - performance.now()));
    }
  }

  private async read(): Promise<void> {
    for (; this.isOn; await sleep(50))
      await this.look().then(
        (look) => this.looks.push(look),
        (error: Error) => this.failures.push(error.message),
      );
  }

  private async send<Body>(method: string, path: string, body: object): Promise<Body> {
    const response = await fetch(this.api + path, {
      method,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        ...(this.token && { authorization: `Bearer ${this.token}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as Body;
  }
}
