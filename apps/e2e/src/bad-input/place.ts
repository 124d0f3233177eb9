import {
  type Answer,
  ApiClient,
  InnkeepUnderTest,
  type Member,
  type Sending,
  newKey,
  operator,
  signUp,
  startTool,
} from '../system';
import { eventually, freePorts } from '@innkeep/testing';
import { FileDesk } from '../system/file-desk';
import type { ApiDocument } from './api-document';
import { reportPrototypes, toldPrototypes } from './prototypes';
import { type Exchange, sendBytes } from './wire';

/** An id of the form of a transaction's, that nobody has. */
export const missing = '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11';

/** A file that is ready to be downloaded, and what gives links to it. */
interface ReadyExport {
  readonly id: string;
  link(who?: ApiClient): Promise<{ url: string }>;
}

/** What begins as formulas of spreadsheets do. */
export const formulas = ['=1+1', '+1+1', '-2+3', '@SUM(A1)', '=HYPERLINK("http://a.example","x")', '\t=1+1', '\r=1+1'];

/** Where the catalogue is tried: the running product, an organization with a property, and somebody from another one. */
export class Place {
  owner!: Member;
  stranger!: Member;
  propertyId!: number;
  /** Somebody who runs the system, at the operators' listener. */
  operator!: ApiClient;
  document!: ApiDocument;
  operatorPort!: number;
  readonly innkeep = new InnkeepUnderTest({
    environment: async () => {
      [this.operatorPort] = (await freePorts(1)) as [number];
      return {
        ...reportPrototypes,
        OPERATOR_PORT: String(this.operatorPort),
        TRUSTED_PROXIES: '127.0.0.1',
        // What a busy machine is late with is not what is tried here.
        MAX_EVENT_LOOP_DELAY_MS: '60000',
      };
    },
    // The API tells an edge what to keep, and there is none.
    apiEnvironment: { CDN_PROVIDER: 'varnish' },
  });

  async prepare(): Promise<void> {
    this.owner = await signUp(this.innkeep.anybody);
    this.stranger = await signUp(this.innkeep.anybody, 'Strangers');
    this.propertyId = (await this.owner.addProperty()).id;
    this.operator = await this.signInOperator();
    this.document = (await this.operators.get('/openapi.json')).as<ApiDocument>(200);
  }

  private desk: Promise<FileDesk> | undefined;

  /** Two organizations that work with files. They are made once. */
  fileDesk(): Promise<FileDesk> {
    return (this.desk ??= this.openDesk());
  }

  private async openDesk(): Promise<FileDesk> {
    const desk = new FileDesk(this.innkeep);
    await desk.open();
    return desk;
  }

  private exported: Promise<ReadyExport> | undefined;

  /** An export of the owner's organization, in which houses have the names of formulas. It is made once. */
  export(): Promise<ReadyExport> {
    return (this.exported ??= this.makeExport());
  }

  private async makeExport(): Promise<ReadyExport> {
    const { owner } = this;
    for (const name of formulas) await owner.post('/v1/properties', { name, timeZone: 'UTC', currency: 'EUR' });
    const path = '/v1/organization/exports';
    const { id } = (await owner.post(path)).as<{ id: string }>(202);
    await eventually(async () =>
      expect((await owner.get(`${path}/${id}`)).as<{ status: string }>(200).status).toBe('ready'),
    );
    const link = async (who: ApiClient = owner) => (await who.post(`${path}/${id}/links`)).as<{ url: string }>(201);
    return { id, link };
  }

  private async signInOperator(): Promise<ApiClient> {
    const args = ['create', '--email', operator.email, '--password', operator.password];
    const { code, output } = await startTool('operator', args, this.innkeep.adminEnvironment).ended;
    if (code !== 0) throw new Error(output);
    const { accessToken } = (await this.operators.post('/v1/system/auth/login', operator)).as<{ accessToken: string }>(
      200,
    );
    return new ApiClient(this.operators.url, accessToken);
  }

  /** Who may ask for a path: an operator or the owner. */
  clientFor(path: string): ApiClient {
    return path.startsWith('/v1/system/') ? this.operator : this.owner;
  }

  /** The listener of operators, for somebody who has no token. */
  get operators(): ApiClient {
    return new ApiClient(`http://127.0.0.1:${this.operatorPort}`);
  }

  get anybody(): ApiClient {
    return this.innkeep.anybody;
  }

  /** The prototypes of each process of the API that has ended. */
  readonly prototypes: ReturnType<typeof toldPrototypes>[] = [];

  /** Starts the API again with further settings. */
  async restart(environment: Readonly<Record<string, string>>): Promise<void> {
    await this.stop();
    await this.innkeep.api.start(environment);
  }

  async stop(): Promise<void> {
    await this.innkeep.api.stop();
    this.prototypes.push(toldPrototypes(this.innkeep.api));
  }

  /** An expense that nothing is wrong with. */
  valid(change: Record<string, unknown> = {}): Record<string, unknown> {
    return { propertyId: this.propertyId, amountCents: 100, description: 'Fine but for one thing', ...change };
  }

  /** An expense with something wrong in it. */
  expense(change: Record<string, unknown>): Promise<Answer> {
    return this.owner.post('/v1/finance/expenses', this.valid(change));
  }

  /** The body of an expense, as these very bytes. */
  raw(raw: string | Buffer, headers: Record<string, string> = {}, path = '/v1/finance/expenses'): Promise<Answer> {
    return this.owner.send('POST', path, { raw, headers: { ...newKey(), ...headers } });
  }

  /** An expense that nothing is wrong with but the headers. */
  withHeaders(headers: Record<string, string>): Promise<Answer> {
    return this.owner.send('POST', '/v1/finance/expenses', { body: this.valid(), headers });
  }

  /** Every documented operation, with a path that can be asked for. */
  get operations() {
    return Object.entries(this.document.paths).flatMap(([template, item]) =>
      Object.entries(item).map(([method, operation]) => {
        const isNumber = /^\/v1\/(properties|users|system)/.test(template);
        const id = isNumber ? String(this.propertyId) : missing;
        return {
          name: `${method.toUpperCase()} ${template}`,
          method,
          path: template.replace(/\{\w+\}/, id),
          operation,
        };
      }),
    );
  }

  /** Sends something to every route that takes a body, as its owner would; what is for operators, to their listener. */
  async toEveryBody(sending: Sending): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const { method, path, operation } of this.operations) {
      if (!operation.requestBody) continue;
      const headers = { ...newKey(), ...sending.headers };
      answers.push(await this.clientFor(path).send(method.toUpperCase(), path, { ...sending, headers }));
    }
    return answers;
  }

  /** A request of the owner's as it is on the wire, in a connection that ends with the answer. */
  request(lines: readonly string[], first = 'GET /v1/properties HTTP/1.1', body = ''): string {
    const head = [first, 'Host: x', `Authorization: Bearer ${this.owner.token}`, 'Connection: close', ...lines];
    return [...head, '', body].join('\r\n');
  }

  send(bytes: string): Promise<Exchange> {
    return sendBytes(this.innkeep.url, bytes);
  }
}
