import { type RecordedEvent, liveRuleOf } from '@innkeep/contracts';

/**
 * An event as it is told: what is needed to decide who hears of it, and its text, put together once for everybody. An event that
 * nobody hears of has no text, and takes its place in the order all the same.
 */
export interface Entry {
  /** The organization's version: the place in the order. */
  readonly version: number;
  readonly type: string;
  readonly propertyId: number | undefined;
  /** The user it concerns, who hears of it whatever the role. */
  readonly userId: number | undefined;
  /** What it is about: of several that are due at once only the last is told. Empty where none may be left out. */
  readonly thing: string;
  /** When it was recorded, in milliseconds since 1970. */
  readonly at: number;
  /** The members of the message behind those that differ between subscriptions, without the opening brace. */
  readonly body: string;
}

const only = (data: object, members: readonly string[]): object =>
  Object.fromEntries(Object.entries(data).filter(([name]) => members.includes(name)));

/** An event of the log as an entry. Its payload has been lifted to today's version, and what is personal in it is withheld. */
export function toEntry(event: RecordedEvent): Entry {
  const { version, type, propertyId, entityId, requestId, recordedAt } = event;
  const base = { version, type, propertyId, at: recordedAt.getTime() };
  const rule = liveRuleOf(type);
  if (!rule) return { ...base, userId: undefined, thing: '', body: '' };
  const data = rule.tells === 'all' ? event.data : only(event.data as object, rule.tells);
  const text = JSON.stringify({
    type,
    service: rule.service,
    ...{ propertyId, entityId, requestId },
    recordedAt: recordedAt.toISOString(),
    data,
  });
  const thing = rule.conflates ? `${rule.service} ${entityId ?? propertyId ?? JSON.stringify(data)}` : '';
  const concerned = rule.concerns === undefined ? undefined : (event.data as Record<string, unknown>)[rule.concerns];
  return { ...base, userId: typeof concerned === 'number' ? concerned : undefined, thing, body: text.slice(1) };
}

/** What an entry tells. */
export const dataOf = ({ body }: Entry): Readonly<Record<string, unknown>> =>
  (JSON.parse(`{${body}`) as { data: Record<string, unknown> }).data;

/** An entry as one line of text; JSON holds no raw line break or tab, and the rest is kept free of them. */
export const encodeEntry = ({ version, type, propertyId, userId, thing, at, body }: Entry): string =>
  [version, type, propertyId ?? '', userId ?? '', thing.replace(/[\t\n]/g, ' '), at, body].join('\t');

const idOf = (text: string): number | undefined => (text === '' ? undefined : Number(text));

/** The entry of a line; undefined if it is none. */
export function decodeEntry(line: string): Entry | undefined {
  const [version, type, propertyId, userId, thing, at, body, more] = line.split('\t');
  if (body === undefined || more !== undefined || !/^\d+$/.test(version!)) return undefined;
  return {
    ...{ version: Number(version), type: type!, propertyId: idOf(propertyId!), userId: idOf(userId!) },
    ...{ thing: thing!, at: Number(at), body },
  };
}
