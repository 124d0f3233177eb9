import { setTimeout as sleep } from 'node:timers/promises';
import { ImportStopped } from './import-stopped';

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** How requests are made: where to, who hears of waiting, and what ends them early. */
export interface Connection {
  readonly api: string;
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal;
  readonly notice: (text: string) => void;
  /** Only tests wait otherwise. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** The API understood the request and refused it. */
export class ProblemAnswer extends ImportStopped {
  constructor(
    readonly status: number,
    readonly code: string | undefined,
    message: string,
  ) {
    super(message);
  }
}

/** Eight tries are spread over about a minute, which is longer than an API takes to be started again. */
export const patientTries = 8;

const requestTimeout = 60_000;
const longestWait = 60_000;

interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

type Attempt = { readonly answer: unknown } | { readonly trouble: string; readonly retryAfter?: number };

/**
 * Sends a request until it is answered for good. The same request goes out each time, with the same `Idempotency-Key`, so it takes
 * effect once even if the API carried it out and only its answer was lost.
 */
export async function requestPersistently<Answer>(
  connection: Connection,
  request: ApiRequest,
  tries = patientTries,
): Promise<Answer> {
  const pause = connection.pause ?? ((milliseconds) => sleep(milliseconds, undefined, { signal: connection.signal }));
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryOnce(connection, request);
    if ('answer' in outcome) return outcome.answer as Answer;
    if (attempt >= tries) {
      throw new ImportStopped(`gave up on ${request.method} ${connection.api}${request.path}: ${outcome.trouble}`);
    }
    const wait = waitBefore(attempt, outcome.retryAfter);
    connection.notice(`${outcome.trouble}; trying again in ${(wait / 1000).toFixed(1)} s (${attempt} of ${tries - 1})`);
    await pause(wait);
  }
}

/** Doubles from half a second; a `Retry-After` is never undercut. The jitter keeps several imports from coming back in step. */
function waitBefore(attempt: number, retryAfter = 0): number {
  const backoff = 500 * 2 ** (attempt - 1);
  const floor = Math.min(Math.max(backoff, retryAfter * 1000), longestWait);
  return floor * (1 + Math.random() * 0.1);
}

async function tryOnce({ api, signal }: Connection, { method, path, headers, body }: ApiRequest): Promise<Attempt> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${api}${path}`, {
      method,
      headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeout)]),
    });
    // Part of the try: a connection can break in the middle of an answer.
    text = await response.text();
  } catch (error) {
    if (signal.aborted) throw error;
    return { trouble: `the API does not answer (${reasonOf(error as Error)})` };
  }
  return judge(response, readJson(text));
}

function judge(response: Response, json: unknown): Attempt {
  if (response.ok) {
    if (typeof json !== 'object' || json === null) throw new ImportStopped(`${response.url} does not answer with JSON`);
    return { answer: json };
  }
  const problem = (json ?? {}) as {
    code?: string;
    title?: string;
    detail?: string;
    requestId?: string;
    errors?: FieldError[];
  };
  const words = [problem.title, problem.detail].filter(Boolean).join(': ') || response.statusText;
  if (isPassing(response.status, problem.code)) {
    const retryAfter = Number(response.headers.get('retry-after'));
    return { trouble: `the API answers ${response.status} (${words})`, retryAfter: retryAfter > 0 ? retryAfter : 0 };
  }
  const fields = (problem.errors ?? []).slice(0, 3).map(({ pointer, detail }) => `; ${pointer} ${detail}`);
  const trail = problem.requestId ? ` [request ${problem.requestId}]` : '';
  const path = new URL(response.url).pathname;
  throw new ProblemAnswer(
    response.status,
    problem.code,
    `${path} answers ${response.status} ${words}${fields.join('')}${trail}`,
  );
}

/** Whether the same request may get another answer later. A request cut off by its client can still be running: 409. */
function isPassing(status: number, code: string | undefined): boolean {
  return status >= 500 || status === 408 || status === 429 || code === 'idempotency-in-progress';
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: Error): string {
  const cause = error.cause as (Error & { code?: string }) | undefined;
  return cause?.code ?? (cause?.message || error.message);
}
