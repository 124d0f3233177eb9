/** What the probe is made of: keys of two organizations that exist for it, and addresses of the first one's. */
export interface LeakProbeSettings {
  readonly edgeUrl: string;
  readonly ownKey: string;
  readonly otherKey: string;
  readonly paths: readonly string[];
}

/** What one round of the probe found. */
export interface ProbeFinding {
  /** Addresses at which somebody else was given what belongs to the first organization. */
  readonly crossed: readonly string[];
  readonly requests: number;
  /** Answers of 500 and more, and none at all. */
  readonly errors: number;
}

interface Given {
  readonly status: number;
  readonly body: string;
  readonly etag: string | null;
}

const TIMEOUT_MS = 5_000;
/** What marks the data of one organization, wherever it turns up. */
const CANARY = /cnry_[A-Za-z0-9_]{8,80}/g;

async function ask(url: string, key: string | undefined): Promise<Given> {
  const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
  const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
  return { status: response.status, body: await response.text(), etag: response.headers.get('etag') };
}

/** Whether an answer to somebody else shows what the first organization was given. */
export function hasCrossed(own: Given, other: Given): boolean {
  if (own.status !== 200) return false;
  const canaries = own.body.match(CANARY) ?? [];
  if (canaries.some((canary) => other.body.includes(canary))) return true;
  return other.status === 200 && other.body !== '' && other.body === own.body && other.etag === own.etag;
}

/**
 * Asks at the edge for what belongs to one organization, twice with its own key so that it is kept there, and then with the key of
 * another and with none. Whatever these are given, it must not be what the first was.
 */
export async function probeForLeaks({ edgeUrl, ownKey, otherKey, paths }: LeakProbeSettings): Promise<ProbeFinding> {
  const crossed: string[] = [];
  let requests = 0;
  let errors = 0;
  for (const path of paths) {
    const url = new URL(path, edgeUrl).toString();
    const answers: (Given | undefined)[] = [];
    for (const key of [ownKey, ownKey, otherKey, undefined]) {
      requests++;
      const given = await ask(url, key).catch(() => undefined);
      if (!given || given.status >= 500) errors++;
      answers.push(given);
    }
    const own = answers[1];
    if (own && answers.slice(2).some((other) => other && hasCrossed(own, other))) crossed.push(path);
  }
  return { crossed, requests, errors };
}
