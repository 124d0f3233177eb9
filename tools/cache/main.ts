import 'reflect-metadata';
import { ExplainedCache, type ExplainedEvent, type ExplainedRoute, features } from '@innkeep/assembly';
import { type Arguments, readArguments, usage } from './arguments';

const print = (value: unknown) =>
  process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}\n`);

const list = (lines: readonly string[]) => lines.map((line) => `    ${line}`).join('\n') || '    nothing';

const seconds = (count: number) => (count >= 60 && count % 60 === 0 ? `${count / 60} min` : `${count} s`);

const routeText = (route: ExplainedRoute): string =>
  [
    `GET ${route.path}`,
    `  family ${route.family}: edge ${seconds(route.edgeSeconds)}, stale ${seconds(route.staleSeconds)}, browser ${
      route.browserSeconds > 0 ? seconds(route.browserSeconds) : 'asks each time'
    }, ${route.isKeptInProcess ? 'kept in memory and Redis' : 'kept by no process'}`,
    '  tags',
    list(route.tags),
    '  purged by',
    list(route.purgedBy),
  ].join('\n');

const eventText = (event: ExplainedEvent): string =>
  [event.type, '  purges', list(event.tags), '  of', list(event.routes.map((path) => `GET ${path}`))].join('\n');

function explain(cache: ExplainedCache, { name, isJson }: Arguments & { command: 'explain' }): number {
  const isNamed = (own: string) => name === undefined || own.toLowerCase() === name.replace(/^GET /i, '').toLowerCase();
  const routes = cache.routes.filter(({ path }) => isNamed(path));
  const events = cache.events.filter(({ type }) => isNamed(type));
  if (routes.length + events.length === 0) {
    console.error(`There is neither a cached route nor an event type ${name}.`);
    return 1;
  }
  print(isJson ? { routes, events } : [...routes.map(routeText), ...events.map(eventText)].join('\n\n'));
  return 0;
}

function wouldPurge(cache: ExplainedCache, asked: Arguments & { command: 'would-purge' }): number {
  if (!cache.events.some(({ type }) => type === asked.type)) {
    console.error(`There is no event type ${asked.type}.`);
    return 1;
  }
  const tags = cache.wouldPurge(asked.type, asked.organizationId, asked.data);
  print(asked.isJson ? { type: asked.type, tags } : tags.join('\n') || 'nothing');
  return 0;
}

const asked = readArguments(process.argv.slice(2));
if (!asked) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const cache = new ExplainedCache(features);
  process.exitCode = asked.command === 'explain' ? explain(cache, asked) : wouldPurge(cache, asked);
}
