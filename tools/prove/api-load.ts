import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilNoneLeft } from './catching-up';
import type { Proving } from './proof';

interface Owner {
  readonly accessToken: string;
  propertyId: number;
  /** The position that the latest write of the owner was answered with. */
  position: string;
}

/** A day on which there is nothing to report yet. */
const aDayBefore = '2026-01-01';

const reportOf = ({ propertyId }: Owner, day: string) =>
  `/v1/reports/daily-report?propertyId=${propertyId}&date=${day}`;

const REQUEST_TIMEOUT_MS = 30_000;

/** People at work through the API: each records, approves and reads what has come of it, one request after the other, none of which is sent twice. */
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

  /** Signs up, and waits for the first report of the property: the load is to begin when projectors are at work. */
  private async signUp(): Promise<Owner> {
    const { body: session } = await this.send<{ accessToken: string }>('POST', '/v1/auth/signup', undefined, {
      organizationName: 'Casas do Rio',
      name: 'Ana Duarte',
      email: `${randomUUID()}@guests.example`,
      password: 'a river runs by it',
    });
    const owner: Owner = { accessToken: session.accessToken, propertyId: 0, position: '0' };
    const property = { name: 'Casa do Rio', timeZone: 'Europe/Lisbon', currency: 'EUR' };
    owner.propertyId = (await this.write<{ id: number }>('POST', '/v1/properties', owner, property)).id;
    await untilNoneLeft('properties have no report', async () => {
      const { status } = await this.ask('GET', reportOf(owner, aDayBefore), owner);
      return status === 404 ? 1 : 0;
    });
    return owner;
  }

  private async work(owner: Owner, pause: number): Promise<void> {
    for (let due = performance.now(); this.isOn; due += 2 * pause) {
      try {
        const { id, businessDay } = await this.write<{ id: string; businessDay: string }>(
          'POST',
          '/v1/finance/expenses',
          owner,
          {
            propertyId: owner.propertyId,
            amountCents: 1 + this.proving.random.integer(10_000),
            description: 'Towels',
          },
        );
        this.recorded.push(id);
        await this.write('PUT', `/v1/finance/expenses/${id}/approval`, owner, { decision: 'approved' });
        this.approved.push(id);
        await this.send('GET', reportOf(owner, businessDay), owner);
        this.reads++;
      } catch (error) {
        this.failures.push((error as Error).message);
      }
      await sleep(Math.max(0, due - performance.now()));
    }
  }

  private async write<Body>(method: string, path: string, owner: Owner, body: object): Promise<Body> {
    const answer = await this.send<Body>(method, path, owner, body);
    owner.position = answer.position;
    return answer.body;
  }

  private async send<Body>(method: string, path: string, owner?: Owner, body?: object) {
    const { status, text, position } = await this.ask(method, path, owner, body);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text.slice(0, 300)}`);
    return { body: JSON.parse(text) as Body, position };
  }

  private async ask(method: string, path: string, owner?: Owner, body?: object) {
    const started = performance.now();
    const response = await fetch(this.url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(owner && { authorization: `Bearer ${owner.accessToken}` }),
        ...(owner && method === 'GET' && { 'innkeep-min-position': owner.position }),
        ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    this.slowestMs = Math.max(this.slowestMs, performance.now() - started);
    return { status: response.status, text, position: response.headers.get('innkeep-position') ?? '0' };
  }
}
