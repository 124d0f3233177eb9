import { type BenchOrganization, month } from './seed-organizations';
import type { ScenarioName } from './scenario-names';
import type { KeptAnswer } from './thin-server';

/** A server under a load: requests as raw HTTP/1.1 text, one for each connection. */
export interface Subject {
  readonly name: string;
  readonly port: number;
  readonly requests: readonly string[];
  /** The status that every answer must have; anything else fails the run. */
  readonly status: number;
  /** So many connections that hardly send anything are open meanwhile. */
  readonly slowSockets?: number;
}

export interface Scenario {
  readonly name: ScenarioName;
  readonly product: Subject;
  /** The first is what the target speaks of. */
  readonly yardsticks: readonly Subject[];
  /** The least share of the first yardstick's throughput. Without one the row is for information. */
  readonly target?: number;
  /** How much longer than the first yardstick's the p99 may be; without it the p99 has a target of its own. */
  readonly p99Share?: number;
}

export interface Ports {
  readonly api: number;
  readonly coldApi: number;
  readonly unlimitedApi: number;
  readonly thin: number;
}

/** As one attacker on one machine may open them. */
const SLOW_SOCKETS = 2_000;

const rawRequest = (start: string, headers: Readonly<Record<string, string>>, body = ''): string => {
  const lines = Object.entries({ host: 'bench', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${start} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
};

const expenseOf = ({ propertyId }: BenchOrganization) =>
  JSON.stringify({
    propertyId,
    amountCents: 12_50,
    description: 'Fresh towels',
    category: 'housekeeping',
    paymentMode: 'cash',
  });

const writeHeaders = (body: string) => ({
  'content-type': 'application/json',
  'content-length': String(Buffer.byteLength(body)),
  'idempotency-key': '$KEY',
});

const bearer = ({ accessToken }: BenchOrganization) => ({ authorization: `Bearer ${accessToken}` });

export const reportPath = ({ propertyId }: BenchOrganization) =>
  `/v1/reports/monthly-report?propertyId=${propertyId}&year=${month.year}&month=${month.month}`;
const listPath = ({ propertyId }: BenchOrganization) => `/v1/finance/expenses?propertyId=${propertyId}&limit=50`;

function recordExpense(
  name: ScenarioName,
  { api, thin }: Ports,
  organizations: readonly BenchOrganization[],
): Scenario {
  const product = organizations.map((organization) => {
    const body = expenseOf(organization);
    return rawRequest('POST /v1/finance/expenses', { ...bearer(organization), ...writeHeaders(body) }, body);
  });
  const bare = (path: string) =>
    organizations.map((organization, index) => {
      const body = expenseOf(organization);
      return rawRequest(`POST ${path}/${index}`, writeHeaders(body), body);
    });
  return {
    name,
    product: { name: 'innkeep', port: api, requests: product, status: 201 },
    yardsticks: [
      { name: 'fastify + pg, one statement', port: thin, requests: bare('/expenses'), status: 201 },
      { name: 'the same, prepared', port: thin, requests: bare('/prepared/expenses'), status: 201 },
    ],
    target: 0.6,
  };
}

type Read = (
  organization: BenchOrganization,
  index: number,
) => { readonly path: string; readonly headers?: Record<string, string> };

const gets = (organizations: readonly BenchOrganization[], read: Read) =>
  organizations.map((organization, index) => {
    const { path, headers = {} } = read(organization, index);
    return rawRequest(`GET ${path}`, headers);
  });

/** All that is measured. Reads come first: the writes grow the tables. */
export function scenarios(
  ports: Ports,
  organizations: readonly BenchOrganization[],
  answers: readonly KeptAnswer[],
): Scenario[] {
  const { api, coldApi, unlimitedApi, thin } = ports;
  const innkeep = (port: number, read: Read, status = 200): Subject => ({
    name: 'innkeep',
    port,
    status,
    requests: gets(organizations, (organization, index) => {
      const { path, headers } = read(organization, index);
      return { path, headers: { ...bearer(organization), ...headers } };
    }),
  });
  const bare = (name: string, read: Read, status = 200): Subject => ({
    name,
    port: thin,
    status,
    requests: gets(organizations, read),
  });
  const unchanged = (index: number) => ({ 'if-none-match': answers[index]!.etag });
  const lists = innkeep(coldApi, (one) => ({ path: listPath(one) }));
  const writes = recordExpense('record-expense-32-organizations', ports, organizations);
  return [
    {
      name: 'monthly-report-cold',
      product: innkeep(coldApi, (one) => ({ path: reportPath(one) })),
      yardsticks: [
        bare('fastify + pg, the same SQL', (_, index) => ({ path: `/report/${index}` })),
        bare('the same, prepared', (_, index) => ({ path: `/prepared/report/${index}` })),
      ],
    },
    {
      name: 'monthly-report-cached',
      product: innkeep(api, (one) => ({ path: reportPath(one) })),
      yardsticks: [
        bare('fastify + LRU', (_, index) => ({ path: `/lru/${index}` })),
        bare('fastify + Redis GET', (_, index) => ({ path: `/redis/${index}` })),
      ],
      target: 0.5,
    },
    {
      name: 'monthly-report-304',
      product: innkeep(api, (one, index) => ({ path: reportPath(one), headers: unchanged(index) }), 304),
      yardsticks: [bare('fastify + LRU', (_, index) => ({ path: `/lru/${index}`, headers: unchanged(index) }), 304)],
      target: 0.5,
    },
    {
      name: 'list-50',
      product: lists,
      yardsticks: [
        bare('fastify + pg, the same SQL', (_, index) => ({ path: `/list/${index}` })),
        bare('the same, prepared', (_, index) => ({ path: `/prepared/list/${index}` })),
      ],
    },
    {
      name: 'list-50-with-slow-sockets',
      product: { ...lists, name: `innkeep, ${SLOW_SOCKETS} slow sockets`, slowSockets: SLOW_SOCKETS },
      yardsticks: [{ ...lists, name: 'innkeep, quiet' }],
      p99Share: 1.2,
    },
    writes,
    recordExpense('record-expense-1-organization', ports, organizations.slice(0, 1)),
    {
      name: 'record-expense-with-limits',
      product: writes.product,
      yardsticks: [{ ...writes.product, name: 'innkeep, limits off', port: unlimitedApi }],
      target: 0.85,
    },
  ];
}
