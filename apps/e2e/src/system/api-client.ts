import { eventually } from '@innkeep/testing';
import type { PublishedDocument } from './published-document';

export interface Sending {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in the place of `body`. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** An answer that was read to its end. */
export class Answer {
  constructor(
    readonly request: string,
    readonly status: number,
    readonly headers: Headers,
    readonly bytes: Buffer,
  ) {}

  get text(): string {
    return this.bytes.toString();
  }

  json<Body = Record<string, unknown>>(): Body {
    return JSON.parse(this.text) as Body;
  }

  get problem(): Problem {
    return this.json<Problem>();
  }

  get position(): number {
    return Number(this.headers.get('innkeep-position') ?? NaN);
  }

  get etag(): string {
    return this.headers.get('etag') ?? '';
  }

  /** This answer, if it has the status; else an error that says what came instead. */
  expect(status: number): this {
    if (this.status !== status)
      throw new Error(`${this.request} answered ${this.status} instead of ${status}: ${this.text.slice(0, 1_000)}`);
    return this;
  }

  /** The body of an answer with this status. */
  as<Body = Record<string, unknown>>(status: number): Body {
    return this.expect(status).json<Body>();
  }
}

let published: PublishedDocument | undefined;

/** From now on every answer of success has to be as the document says. */
export const holdAnswersAgainst = (document: PublishedDocument): void => void (published = document);

function assertAsPublished(method: string, path: string, answer: Answer): void {
  if (!published || answer.status < 200 || answer.status >= 300 || method === 'HEAD') return;
  const mediaType = (answer.headers.get('content-type') ?? '').split(';', 1)[0]!;
  const body = () => (mediaType.endsWith('json') ? answer.json() : answer.text);
  const problems = published.problemsOf({ method, path, status: answer.status, mediaType, body });
  if (problems.length > 0) throw new Error(`${answer.request} answers outside the document:\n${problems.join('\n')}`);
}

let keys = 0;

/** A new idempotency key. */
export const newKey = (): { 'idempotency-key': string } => ({ 'idempotency-key': `test-${process.pid}-${++keys}` });

/** The API as one caller uses it. */
export class ApiClient {
  constructor(
    readonly url: string,
    readonly token?: string,
  ) {}

  async send(method: string, path: string, { body, raw, headers }: Sending = {}): Promise<Answer> {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(sent !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: typeof sent === 'string' ? sent : sent && new Uint8Array(sent),
      redirect: 'manual',
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const answer = new Answer(`${method} ${path}`, response.status, response.headers, bytes);
    assertAsPublished(method, path, answer);
    return answer;
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.send('GET', path, { headers });
  }

  /** A request that changes something; with a key of its own unless it brings one. */
  post(path: string, body?: unknown, headers: Record<string, string> = newKey()): Promise<Answer> {
    return this.send('POST', path, { body, headers });
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, { body });
  }

  patch(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.send('PATCH', path, { body, headers });
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }

  /**
   * A read that sees at least the state that another answer came from. A request waits for half a second; where the machine is busy
   * that may be too short, and the answer then says how far it is. For what exists: a refusal says no position.
   */
  getAfter(position: number, path: string): Promise<Answer> {
    return eventually(async () => {
      const answer = await this.get(path, { 'innkeep-min-position': String(position) });
      if (!(answer.position >= position))
        throw new Error(
          `${answer.request} answered ${answer.status}, as of ${answer.position}: ${answer.text.slice(0, 500)}`,
        );
      return answer;
    });
  }
}
