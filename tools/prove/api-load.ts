import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Proving } from './proof';

interface Owner {
  readonly accessToken: string;
  readonly organizationId: number;
  readonly propertyId: number;
}

const REQUEST_TIMEOUT_MS = 30_000;

/** People at work through the API: each records, approves and reads, one request after the other, none of which is sent twice. */
export class ApiLoad {
  /** Transactions whose recording, and whose approval, was acknowledged. */
  readonly recorded: string[] = [];
  readonly approved: string[] = [];
  readonly failures: string[] = [];
  reads = 0;
  slowestMs = 0;
  private isOn = true;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly url: string,
    private readonly proving: Proving,
  ) {}

  async start(owners: number, rate: number): Promise<void> {
    const all = await Promise.all(Array.from({ length: owners }, () => this.signUp()));
    this.running = Promise.all(all.map((owner) => this.work(owner, (1_000 * owners) / rate)));
    this.proving.atEnd(() => this.stop());
  }

  async stop(): Promise<void> {
    this.isOn = false;
    await this.running;
  }

  get writes(): number {
    return this.recorded.length + this.approved.length;
  }

  private async signUp(): Promise<Owner> {
    const owner = await this.send<Owner>('POST', '/v1/auth/signup', undefined, {
      organizationName: 'Casas do Rio',
      name: 'Ana Duarte',
      email: `${randomUUID()}@guests.example`,
      password: 'a river runs by it',
    });
    const property = { name: 'Casa do Rio', timeZone: 'Europe/Lisbon', currency: 'EUR' };
    const { id } = await this.send<{ id: number }>('POST', '/v1/properties', owner.accessToken, property);
    return { ...owner, propertyId: id };
  }

  private async work({ accessToken, propertyId }: Owner, pause: number): Promise<void> {
    for (let due = performance.now(); this.isOn; due += 2 * pause) {
      try {
        const expense = { propertyId, amountCents: 1 + this.proving.random.integer(10_000), description: 'Towels' };
        const { id, businessDay } = await this.send<{ id: string; businessDay: string }>(
          'POST',
          '/v1/finance/expenses',
          accessToken,
          expense,
        );
        this.recorded.push(id);
        await this.send('PUT', `/v1/finance/expenses/${id}/approval`, accessToken, { decision: 'approved' });
        this.approved.push(id);
        await this.send('GET', `/v1/reports/daily-report?propertyId=${propertyId}&date=${businessDay}`, accessToken);
        this.reads++;
      } catch (error) {
        this.failures.push((error as Error).message);
      }
      await sleep(Math.max(0, due - performance.now()));
    }
  }

  private async send<Body>(method: string, path: string, token?: string, body?: object): Promise<Body> {
    const started = performance.now();
    const response = await fetch(this.url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
        ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    this.slowestMs = Math.max(this.slowestMs, performance.now() - started);
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as Body;
  }
}
