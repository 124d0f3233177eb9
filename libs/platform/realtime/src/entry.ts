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
  if (!rule) return { ...base, thing: '', body: '' };
  const data = rule.tells === 'all' ? event.data : only(event.data as object, rule.tells);
  const text = JSON.stringify({
    type,
    service: rule.service,
    ...{ propertyId, entityId, requestId },
    recordedAt: recordedAt.toISOString(),
    data,
  });
  const thing = rule.conflates ? `${rule.service} ${entityId ?? propertyId ?? JSON.stringify(data)}` : '';
  return { ...base, thing, body: text.slice(1) };
}

/** An entry as one line of text; JSON holds no raw line break or tab, and the rest is kept free of them. */
export const encodeEntry = ({ version, type, propertyId, thing, at, body }: Entry): string =>
  [version, type, propertyId ?? '', thing.replace(/[\t\n]/g, ' '), at, body].join('\t');

/** The entry of a line; undefined if it is none. */
export function decodeEntry(line: string): Entry | undefined {
  const parts = line.split('\t');
  if (parts.length < 6 || !/^\d+$/.test(parts[0]!)) return undefined;
  const [version, type, propertyId, thing, at, ...body] = parts as [string, string, string, string, string, string];
  return {
    version: Number(version),
    type,
    propertyId: propertyId === '' ? undefined : Number(propertyId),
    thing,
    at: Number(at),
    body: body.join('\t'),
  };
}
