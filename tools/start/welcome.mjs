// What `npm start` prints when everything is up: where to go, and a first request that works when pasted.
import { relative } from 'node:path';
import { listeners } from './settings.mjs';

export const operatorEmail = 'operator@innkeep.example';

/** The demo logins from the last line of the seed tool: a list, or an object with a list in it. */
export function readLogins(output) {
  const last = output.trim().split('\n').at(-1);
  try {
    const value = JSON.parse(last);
    const list = Array.isArray(value) ? value : Object.values(value).find(Array.isArray);
    return (list ?? []).filter((login) => login?.email);
  } catch {
    return [];
  }
}

function table(rows) {
  const widths = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) => `  ${row.map((cell, index) => cell.padEnd(widths[index])).join('  ')}`.trimEnd());
}

const secret = new Set(['email', 'password']);

function describe(login) {
  const extra = Object.entries(login).filter(
    ([name, value]) => !secret.has(name) && typeof value === 'string' && !/id$/i.test(name),
  );
  return [login.email, login.password ?? '', extra.map(([, value]) => value).join(', ')];
}

function firstRequest(api, logins) {
  const login = logins.find(({ role }) => role === 'owner') ?? logins[0];
  if (!login) return [];
  const body = JSON.stringify({ email: login.email, password: login.password });
  return ['', 'A first request', `  curl -s ${api}/v1/auth/login -H 'content-type: application/json' -d '${body}'`];
}

/** The lines to print. */
export function welcome({ settings, operatorPassword, logins }) {
  const at = (app, path = '') => `http://localhost:${settings.ports[app]}${path}`;
  const shownDir = relative(process.cwd(), settings.dataDir);
  const dataDir = shownDir.startsWith('..') ? settings.dataDir : shownDir;
  const places = [
    ['API', at('api')],
    ['Docs', at('api', '/docs')],
    ['Queues', at('api', '/admin/queues'), `${operatorEmail} / ${operatorPassword}`],
    ['Mail', at('worker', '/dev/mailbox')],
    ...listeners.map(({ app }, index) => [index === 0 ? 'Metrics' : '', at(app, '/metrics'), app]),
    ['Data', dataDir, `logs in ${dataDir}/logs`],
  ];
  return [
    '',
    'Innkeep is running.',
    '',
    ...table(places.map(([name, place, note = '']) => [name, place, note])),
    ...(logins.length > 0 ? ['', 'Demo logins', ...table(logins.map(describe))] : []),
    ...firstRequest(at('api'), logins),
    '',
    'Ctrl-C stops everything; the data is kept.',
    '',
  ];
}
