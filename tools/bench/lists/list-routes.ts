import { addDays } from '@innkeep/contracts';
import type { Operation } from '../../prove/fuzz/api-document';

/** What a list shows of one entry, as far as another address is made of it. */
export interface Entry {
  readonly id: string | number;
  readonly propertyId: number;
  readonly arrivesOn: string;
  readonly arrivedOn: string | null;
  readonly departsOn: string;
  readonly departedOn: string | null;
}

/** A route that shows something of an organization, and how it is asked for. */
export interface ListRoute {
  readonly path: string;
  /** The address for an organization with this property. */
  addressFor(propertyId: number): string;
  /** In the place of that, where it takes an entry of a list to have something to show. */
  readonly about?: { readonly list: string; addressOf(entry: Entry): string };
}

const today = () => new Date().toISOString().slice(0, 10);
const daysAgo = (days: number) => addDays(today(), -days);

/** What parameters are given that have to be, by their names: a month of one property. */
const values: Readonly<Record<string, (propertyId: number) => string>> = {
  propertyId: String,
  from: () => daysAgo(30),
  to: today,
  date: () => daysAgo(7),
  day: () => daysAgo(7),
  businessDay: () => daysAgo(7),
  year: () => today().slice(0, 4),
  month: () => String(Number(today().slice(5, 7))),
  quarter: () => String(Math.ceil(Number(today().slice(5, 7)) / 3)),
  period: () => 'month',
  currency: () => 'EUR',
};

/** Files are no lists, and what operators look at is not an organization's. */
const isLeftOut = ({ template, responses }: Operation) =>
  !template.startsWith('/v1/') ||
  /^\/v1\/(system|operator|edge)\//.test(template) ||
  /realtime/.test(template) ||
  !Object.keys(responses['200']?.content ?? {}).some((type) => /json/.test(type));

const HOLE = /\{[^}]+\}/;
const stays = '/v1/guest-checkin/list';

/** On most days few come or go: these lists are asked for the day of a party that does, and where it does. */
const movements: Readonly<Record<string, { list: string; dayOf(stay: Entry): string | null }>> = {
  '/v1/guest-checkin/arrivals': { list: `${stays}?`, dayOf: ({ arrivedOn, arrivesOn }) => arrivedOn ?? arrivesOn },
  '/v1/guest-checkin/departures': { list: `${stays}?`, dayOf: ({ departedOn, departsOn }) => departedOn ?? departsOn },
  '/v1/guest-checkin/in-house': { list: `${stays}?status=in-house&`, dayOf: ({ arrivedOn }) => arrivedOn },
};

/** How a route is asked about an entry of a list; nothing if it is about none. */
function aboutEntry(path: string, paths: readonly string[]): ListRoute['about'] {
  const movement = movements[path];
  if (movement) {
    const addressOf = (stay: Entry) => `${path}?propertyId=${stay.propertyId}&day=${movement.dayOf(stay)}`;
    return { list: `${movement.list}limit=1`, addressOf };
  }
  if (!HOLE.test(path) || isOfProperty(path)) return undefined;
  const before = path.slice(0, path.indexOf('/{'));
  const list = [before, `${before}/list`].find((one) => paths.includes(one));
  return list ? { list: `${list}?limit=1`, addressOf: ({ id }) => path.replace(HOLE, String(id)) } : undefined;
}

const isOfProperty = (path: string) => path.includes('/properties/{');

/** All lists, reports and dashboards of the document, and single things whose ids a list shows. */
export function listRoutes(operations: readonly Operation[]): ListRoute[] {
  const read = operations.filter((operation) => operation.method === 'GET' && !isLeftOut(operation));
  const paths = read.map(({ template }) => template);
  return read.flatMap(({ template: path, parameters }) => {
    const holes = path.split('{').length - 1;
    const about = aboutEntry(path, paths);
    if (holes > 1 || (holes === 1 && !isOfProperty(path) && !about)) return [];
    const needed = parameters.filter(({ in: place, required }) => place === 'query' && required);
    if (needed.some(({ name }) => !(name in values))) return [];
    const addressFor = (propertyId: number) => {
      const query = new URLSearchParams(needed.map(({ name }) => [name, values[name]!(propertyId)]));
      return path.replace(HOLE, String(propertyId)) + (query.size > 0 ? `?${query.toString()}` : '');
    };
    return [{ path, addressFor, ...(about && { about }) }];
  });
}
