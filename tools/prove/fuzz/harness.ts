import { randomUUID } from 'node:crypto';
import type { Randomness } from '@innkeep/testing';
import * as fc from 'fast-check';
import { type ApiDocument, type Operation, readDocument } from './api-document';
import { checks } from './checks';
import { type Answer, Client } from './client';
import { type Prepared, prepare } from './prepare';
import { type Draft, requestsFor } from './requests';
import { kindAnswered } from './kinds';
import { type Actor, Organization } from './world';

export interface FuzzSettings {
  readonly url: string;
  readonly requests: number;
  readonly workers: number;
  readonly random: Randomness;
  /** The token of somebody who runs the system. */
  operatorToken(): string;
  say(line: string): void;
}

/** Something that should not be: the check that found it, where, and the smallest request that shows it. */
export interface Finding {
  readonly check: string;
  readonly operation: string;
  readonly what: string;
  readonly request: string;
  times: number;
}

export interface FuzzOutcome {
  readonly requests: number;
  /** Requests as the document describes them, and others. */
  readonly asDocumented: number;
  readonly mutated: number;
  readonly byStatus: ReadonlyMap<number, number>;
  readonly findings: readonly Finding[];
  readonly operations: number;
  /** Operations whose answers of success the document describes. */
  readonly describedAnswers: number;
}

/** How many requests for one operation are made in a row. */
const IN_A_ROW = 25;

/** Passwords are slow to check, on purpose: what checks them is asked more rarely. */
const isSlow = ({ name }: Operation) =>
  /^(POST|PUT) \/v1\/(auth|system\/auth|organization)\/(?!logout|refresh)/.test(name) ||
  name.startsWith('PATCH /v1/users');

class Found extends Error {
  constructor(readonly finding: Finding) {
    super(`${finding.check}: ${finding.what}`);
  }
}

/** Makes requests up from the document, sends them, and looks at every answer. */
export class Fuzz {
  private readonly client: Client;
  private readonly findings = new Map<string, Finding>();
  private readonly byStatus = new Map<number, number>();
  private sent = 0;
  private asDocumented = 0;
  private document!: ApiDocument;
  private neighbour!: Organization;
  private plan: readonly Operation[] = [];

  constructor(private readonly settings: FuzzSettings) {
    this.client = new Client(settings.url, settings.workers * 2);
  }

  async run(): Promise<FuzzOutcome> {
    const { url, workers, requests } = this.settings;
    this.document = await readDocument(url);
    this.neighbour = await this.makeNeighbour();
    this.plan = this.document.operations.flatMap((one) => Array<Operation>(isSlow(one) ? 1 : 8).fill(one));
    const before = await this.neighbourhood();
    const telling = setInterval(() => this.tell(), 15_000);
    try {
      await Promise.all(Array.from({ length: workers }, () => this.work(requests)));
    } finally {
      clearInterval(telling);
    }
    if ((await this.neighbourhood()) !== before)
      this.note('neighbour_unchanged', 'all of them', 'what the neighbour has was changed', '');
    this.client.close();
    const { operations } = this.document;
    return {
      requests: this.sent,
      asDocumented: this.asDocumented,
      mutated: this.sent - this.asDocumented,
      byStatus: this.byStatus,
      findings: [...this.findings.values()],
      operations: operations.length,
      describedAnswers: operations.filter(describesItsAnswer).length,
    };
  }

  private tell(): void {
    this.settings.say(`${this.sent.toLocaleString('en')} requests, ${this.findings.size} findings`);
  }

  /** Somebody else: nothing of what is theirs may come out, and nothing of it may change. */
  private async makeNeighbour(): Promise<Organization> {
    const neighbour = await Organization.make(this.client, `canary${randomUUID().slice(0, 8)}`);
    for (const path of ['/v1/properties?limit=1', '/v1/finance/expenses?limit=1', '/v1/users?limit=1']) {
      const { nextCursor } = await neighbour.must<{ nextCursor: string | null }>('owner', 'GET', path);
      if (nextCursor) neighbour.learn('cursors', nextCursor);
    }
    return neighbour;
  }

  /** All that the neighbour has, as it sees it. */
  private async neighbourhood(): Promise<string> {
    if (!(await this.neighbour.revive('owner'))) return 'the neighbour cannot sign in';
    const paths = [
      ...['properties', 'finance/expenses', 'finance/revenues', 'users', 'api-keys'],
      ...['guest-checkin/list', 'tasks', 'documents', 'finance/categories'],
    ];
    const pages: unknown[] = [];
    for (const path of paths) pages.push(await this.neighbour.must('owner', 'GET', `/v1/${path}?limit=200`));
    // When somebody last signed in, or a key was last used, is no change of what they have.
    return JSON.stringify(pages, (key, value: unknown) => (/^last|At$/.test(key) ? undefined : value));
  }

  private async work(until: number): Promise<void> {
    let own = await this.newOrganization();
    while (this.sent < until) {
      const operation = this.settings.random.pick(this.plan);
      const asker = { own, isBroken: false };
      const seed = this.settings.random.integer(2 ** 31);
      const property = fc.asyncProperty(requestsFor(operation), (draft) => this.try(operation, draft, asker));
      const left = Math.min(IN_A_ROW, until - this.sent);
      const { failed, errorInstance, counterexample } = await fc.check(property, {
        seed,
        numRuns: left,
        maxSkipsPerRun: 0,
      });
      if (failed) {
        if (!(errorInstance instanceof Found)) throw errorInstance ?? new Error(JSON.stringify(counterexample));
        this.keep(errorInstance.finding);
      }
      if (asker.isBroken) own = await this.newOrganization();
    }
  }

  private async newOrganization(): Promise<Organization> {
    const [own, sacrificed] = [`own${randomUUID().slice(0, 8)}`, `lost${randomUUID().slice(0, 8)}`];
    const organization = await Organization.make(this.client, own);
    organization.known.organizations.splice(0);
    if (this.settings.random.integer(4) === 0) {
      const { known } = await Organization.make(this.client, sacrificed);
      organization.learn('organizations', known.organizations[0]!);
    }
    return organization;
  }

  /** Sends one request; throws what is new and should not be. */
  private async try(
    operation: Operation,
    draft: Draft,
    asker: { own: Organization; isBroken: boolean },
  ): Promise<void> {
    const { own } = asker;
    const prepared = prepare(operation, draft, { own, neighbour: this.neighbour }, (actor) => this.tokenOf(actor, own));
    const answer = await this.client.send(prepared.sent);
    this.sent++;
    if (prepared.isAsDocumented) this.asDocumented++;
    this.byStatus.set(answer.status, (this.byStatus.get(answer.status) ?? 0) + 1);
    if (
      answer.status === 401 &&
      draft.actor !== 'nobody' &&
      draft.actor !== 'forger' &&
      operation.token === 'accessToken'
    )
      asker.isBroken ||= !(await own.revive(draft.actor));
    learn(own, operation, answer);
    for (const [check, complaint] of [
      ...this.complaints(prepared, answer),
      ...(await this.followUp(prepared, answer, own)),
    ])
      this.note(check, operation.name, complaint, describe(prepared, answer));
  }

  private tokenOf(actor: Actor, own: Organization): string | undefined {
    if (actor === 'operator') return this.settings.operatorToken();
    if (actor === 'forger') return own.tokens.get('owner')?.replace(/\.[^.]{20}/, '.AAAAAAAAAAAAAAAAAAAA');
    return own.tokens.get(actor);
  }

  private complaints(prepared: Prepared, answer: Answer): [string, string][] {
    const found = Object.entries(checks).flatMap(([name, check]): [string, string][] => {
      const complaint = check(prepared, answer, this.document);
      return complaint ? [[name, complaint]] : [];
    });
    const { mark, known } = this.neighbour;
    const asked = `${prepared.sent.path} ${prepared.sent.body?.toString() ?? ''}`;
    const canaries = [mark, ...known.emails, ...known.tokens].map(String);
    const leaked = canaries.filter((canary) => answer.text.includes(canary) && !asked.includes(canary));
    return leaked.length > 0 ? [...found, ['canary', `tells of the neighbour: ${leaked[0]}`]] : found;
  }

  /** What was made is there, and what was deleted is not. */
  private async followUp(
    { operation, actor, sent, mutation }: Prepared,
    answer: Answer,
    own: Organization,
  ): Promise<[string, string][]> {
    const { template, method } = operation;
    if (mutation) return [];
    const token = this.tokenOf(actor, own);
    if (method === 'DELETE' && answer.status === 204 && /\{id\}$/.test(template) && !/api-keys/.test(template)) {
      const again = await own.call(token, 'DELETE', sent.path);
      return [401, 404].includes(again.status) ? [] : [['use_after_free', `deleted twice: ${again.status}`]];
    }
    const item = `${template}/{id}`;
    if (method === 'POST' && answer.status === 201 && this.document.methodsAt(item).includes('GET')) {
      const { id } = JSON.parse(answer.text) as { id: string };
      const found = await own.call(token, 'GET', `${template}/${id}`);
      return [200, 401].includes(found.status)
        ? []
        : [['ensure_resource_availability', `made, and then ${found.status}`]];
    }
    return [];
  }

  /** The first of its kind stops the row of requests and is made smaller; the others are counted. */
  private note(check: string, operation: string, what: string, request: string): void {
    const known = this.findings.get(`${check} ${operation}`);
    if (known) known.times++;
    else if (request === '') this.keep({ check, operation, what, request, times: 1 });
    else throw new Found({ check, operation, what, request, times: 1 });
  }

  private keep(finding: Finding): void {
    const key = `${finding.check} ${finding.operation}`;
    if (this.findings.has(key)) return;
    this.findings.set(key, finding);
    this.settings.say(`${finding.check}: ${finding.operation}: ${finding.what}\n${' '.repeat(12)}${finding.request}`);
  }
}

const describesItsAnswer = ({ responses }: Operation): boolean =>
  Object.entries(responses).some(
    ([status, { content }]) => status === '204' || (/^2/.test(status) && content !== undefined),
  );

function describe({ sent, actor }: Prepared, { status, text }: Answer): string {
  const { authorization: _secret, ...headers } = sent.headers;
  const body = sent.body === undefined ? '' : ` ${sent.body.toString().slice(0, 500)}`;
  return `${actor}: ${sent.method} ${sent.path} ${JSON.stringify(headers)}${body} → ${status} ${text.slice(0, 500)}`;
}

interface Learnt {
  readonly id?: string | number;
  readonly data?: readonly { readonly id?: string | number }[];
  readonly nextCursor?: string | null;
  readonly checklist?: readonly { readonly id: string }[];
}

/** Ids and cursors in an answer are asked about later. */
function learn(own: Organization, { template }: Operation, { status, text, headers }: Answer): void {
  if (status >= 300 || !headers['content-type']?.startsWith('application/json')) return;
  const body = JSON.parse(text) as Learnt;
  if (body.nextCursor) own.learn('cursors', body.nextCursor);
  const kind = kindAnswered(template);
  if (!kind) return;
  for (const { id } of [body, ...(Array.isArray(body.data) ? body.data : [])]) if (id) own.learn(kind, id);
  for (const { id } of body.checklist ?? []) own.learn('checklistItems', id);
}
