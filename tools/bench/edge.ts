import { createTestDatabase, randomnessFrom, varnishAvailable } from '@innkeep/testing';
import { startEdge } from '../prove/tenants/edge-system';
import { type Tenant, type TenantRole, makeTenant, pagesOf, record, roles } from '../prove/tenants/organization';
import { type Experiment, type Finding, rounded } from './log/experiment';

const TENANTS = 40;
const CROWD = 16;
/** Reads for each change: people look far more often than they write. */
const READS_FOR_A_WRITE = 250;
const HIT_TARGET = 0.9;
const OFFLOAD_TARGET = 0.85;

interface Page {
  readonly tenant: Tenant;
  readonly role: TenantRole;
  readonly path: string;
}

interface Tally {
  reads: number;
  hits: number;
}

/** Requests that reached the API behind the edge, by what they were for. */
async function originRequests(origin: string): Promise<{ reads: number; lookups: number }> {
  const text = await (await fetch(`${origin}/metrics`)).text();
  const counts = { reads: 0, lookups: 0 };
  const line = /^http_request_duration_seconds_count\{[^}]*method="GET"[^}]*path="([^"]*)"[^}]*\} (\d+)$/gm;
  for (const [, path = '', count] of text.matchAll(line)) {
    if (path === '/v1/edge/context') counts.lookups += Number(count);
    else if (path.startsWith('/v1/')) counts.reads += Number(count);
  }
  return counts;
}

/** 80 % of the reads go to 20 % of the pages. */
function pickPage(pages: readonly Page[], random: ReturnType<typeof randomnessFrom>): Page {
  const few = Math.ceil(pages.length / 5);
  return random.integer(10) < 8 ? pages[random.integer(few)]! : pages[few + random.integer(pages.length - few)]!;
}

/** Answers whether there is such a page for that role. */
async function read(url: string, { tenant, role, path }: Page, tally: Tally): Promise<boolean> {
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${tenant.tokens[role]}` } });
  await response.arrayBuffer();
  if (response.status !== 200) return false;
  tally.reads++;
  if (response.headers.get('cache-status')?.includes('innkeep-edge; hit')) tally.hits++;
  return true;
}

/** How much of what people read comes from the edge, while they go on writing. */
export const edge: Experiment = async (bench) => {
  if (!varnishAvailable())
    return [{ what: 'edge', subject: 'innkeep', figure: 'not measured: Varnish is not installed' }];
  const database = await createTestDatabase();
  bench.atEnd(() => database.drop());
  const { url, origin } = await startEdge({ ...bench, database });
  const tenants: Tenant[] = [];
  for (let made = 0; made < TENANTS; made++) tenants.push(await makeTenant(url));
  const random = randomnessFrom(1);
  const asked = tenants
    .flatMap((tenant) => roles.flatMap((role) => pagesOf(tenant).map((path) => ({ tenant, role, path }))))
    .sort(() => random.integer(3) - 1);
  // As in the middle of a day: everything has been looked at before, and what a role may not see is no page of its.
  const pages: Page[] = [];
  for (const page of asked) if (await read(url, page, { reads: 0, hits: 0 })) pages.push(page);
  const seconds = Math.max(10, bench.seconds * bench.rounds);
  bench.say(`people read ${pages.length} pages and write, for ${seconds} s`);
  const before = await originRequests(origin);
  const tally: Tally = { reads: 0, hits: 0 };
  let writes = 0;
  const until = performance.now() + seconds * 1_000;
  const visit = async () => {
    while (performance.now() < until) {
      await read(url, pickPage(pages, random), tally);
      if (random.integer(READS_FOR_A_WRITE) > 0) continue;
      const tenant = tenants[random.integer(TENANTS)]!;
      await record(url, tenant, tenant.propertyIds[random.integer(2)]!);
      writes++;
    }
  };
  await Promise.all(Array.from({ length: CROWD }, visit));
  const after = await originRequests(origin);
  const [lookups, reached] = [after.lookups - before.lookups, after.reads - before.reads];
  const offload = 1 - (reached + lookups) / tally.reads;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const finding = (subject: string, share: number, target: number): Finding => ({
    what: 'edge',
    subject,
    figure: percent(share),
    target: `${percent(target)} or more`,
    isMet: share >= target,
  });
  return [
    finding(`hits of ${rounded(tally.reads)} reads, ${writes} writes`, tally.hits / tally.reads, HIT_TARGET),
    finding(`offload, with ${rounded(lookups)} lookups of callers`, offload, OFFLOAD_TARGET),
  ];
};
