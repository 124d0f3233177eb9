import { PurgeRefused } from './provider';

/** A provider that has not answered by then is taken for broken: many purges may be waiting behind this one. */
const TIMEOUT_MS = 3_000;
const BODY_SHOWN = 200;
/** Nobody is left alone for longer, whatever he says. In seconds. */
const LONGEST_PAUSE = 3_600;

/** The wait that a Retry-After asks for, in seconds: a number, or an instant (RFC 9110, 10.2.3). */
export function retryAfterSeconds(header: string | null, now = Date.now()): number | undefined {
  const text = header?.trim() ?? '';
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1_000;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), LONGEST_PAUSE) : undefined;
}

export interface ProviderRequest {
  readonly url: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Recognizes a refusal for asking too often that has another status than 429. */
  isThrottled?(status: number, body: string): boolean;
}

/** Sends one request to a provider; answers with the body of a 2xx, and throws `PurgeRefused` for everything else. */
export async function askProvider({ url, isThrottled, ...init }: ProviderRequest): Promise<string> {
  let response: Response;
  let body: string;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    body = await response.text();
  } catch (error) {
    const reason = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).name;
    throw new PurgeRefused(`${new URL(url).host} did not answer: ${reason}`, 'failed');
  }
  if (response.ok) return body;
  const said = `${new URL(url).host} answered ${response.status}: ${body.slice(0, BODY_SHOWN)}`;
  const retryAfter = retryAfterSeconds(response.headers.get('retry-after'));
  if (response.status === 429 || isThrottled?.(response.status, body))
    throw new PurgeRefused(said, 'throttled', retryAfter);
  throw new PurgeRefused(said, 'failed', retryAfter);
}

/** What a body says as JSON, or nothing. */
export function asJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
