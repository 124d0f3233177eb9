import { markdownTable } from './markdown-table';
import { type RouteExpectation, routes } from './route-expectations';
import { type Actor, actors } from './scene';

/** Routes and actors as a table: what each is answered, or `open` where nobody is asked who he is. */
export function authorizationTable(statusOf: (name: string, actor: Actor, rules: RouteExpectation) => number): string {
  const rows = Object.entries(routes).map(([name, rules]) => [
    `\`${name}\``,
    ...actors.map((actor) => (rules === 'open' ? 'open' : String(statusOf(name, actor, rules)))),
  ]);
  return markdownTable(['route', ...actors], rows);
}

/** What is declared. */
export const declaredAuthorization = (): string => authorizationTable((_name, actor, { statuses }) => statuses[actor]);
