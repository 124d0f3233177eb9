import { addDays } from '@innkeep/contracts';
import type { Operation } from '../../prove/fuzz/api-document';

/** A route that shows something of an organization, and how it is asked for. */
export interface ListRoute {
  readonly path: string;
  /** The address for an organization with this property. */
  addressFor(propertyId: number): string;
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

/** All lists, reports and dashboards of the document. A single thing that is found by its own id is none, unless the id is a property's. */
export function listRoutes(operations: readonly Operation[]): ListRoute[] {
  return operations.flatMap((operation) => {
    const { method, template: path, parameters } = operation;
    if (method !== 'GET' || isLeftOut(operation)) return [];
    const holes = path.match(/\{[^}]+\}/g) ?? [];
    if (holes.length > 1 || (holes.length === 1 && !/\/properties\/\{/.test(path))) return [];
    const needed = parameters.filter(({ in: place, required }) => place === 'query' && required);
    if (needed.some(({ name }) => !(name in values))) return [];
    const addressFor = (propertyId: number) => {
      const query = new URLSearchParams(needed.map(({ name }) => [name, values[name]!(propertyId)]));
      return path.replace(/\{[^}]+\}/, String(propertyId)) + (query.size > 0 ? `?${query.toString()}` : '');
    };
    return [{ path, addressFor }];
  });
}
