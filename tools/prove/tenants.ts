import { testRedis } from '@innkeep/testing';
import { ownRedis } from './instances';
import { type Proof, type Proving, type Verdict, verdictOf } from './proof';
import { openProofDatabase } from './proof-database';
import { startEdge } from './tenants/edge-system';
import { deceptionsOf } from './tenants/deceptions';
import { searchRedis, secretsIn } from './tenants/kept-bytes';
import { type Tenant, makeTenant, pagesOf, record } from './tenants/organization';
import { type Seen, ask, leaksIn, visitOf } from './tenants/visitors';

const full = { tenants: 6, requests: 100_000, deceivedPages: 6, writes: 200 };
const small = { tenants: 2, requests: 1_500, deceivedPages: 1, writes: 5 };
/** How many ask at the same time. */
const CROWD = 24;

/** What was found that must not be. */
class Findings {
  crossings = 0;
  leaks = 0;
  keptRefusals = 0;
  keptDeceptions = 0;
  errors = 0;
  hits = 0;
  answers = 0;
  private shown = 0;

  constructor(private readonly say: (line: string) => void) {}

  note(request: string, seen: Seen, foreign: readonly Tenant[]): void {
    this.answers++;
    const isHit = String(seen.headers['cache-status'] ?? '').includes('innkeep-edge; hit');
    if (isHit) this.hits++;
    const all = JSON.stringify(seen.headers) + seen.text;
    if (foreign.some(({ canary }) => all.includes(canary))) this.tell('crossings', request, seen);
    if (leaksIn(seen).length > 0) this.tell('leaks', request, seen);
    if (isHit && seen.status !== 200 && seen.status !== 304) this.tell('keptRefusals', request, seen);
    if (seen.status >= 500) this.tell('errors', request, seen);
  }

  tell(what: 'crossings' | 'leaks' | 'keptRefusals' | 'keptDeceptions' | 'errors', request: string, seen: Seen): void {
    this[what]++;
    if (this.shown++ < 5) this.say(`${what}: ${request}: ${seen.status} ${JSON.stringify(seen.headers).slice(0, 400)}`);
  }
}

/** People of all organizations at once, and changes among what they ask for. */
async function visit(url: string, tenants: readonly Tenant[], proving: Proving, findings: Findings): Promise<void> {
  const { requests, writes } = proving.isSmall ? small : full;
  const { random } = proving;
  let left = requests;
  const one = async () => {
    while (left > 0) {
      // Taken before anything is waited for: no two have the same one.
      const number = left--;
      if (number % Math.ceil(requests / writes) === 0) {
        const tenant = tenants[random.integer(tenants.length)]!;
        await record(url, tenant, tenant.propertyIds[random.integer(tenant.propertyIds.length)]!);
      }
      if (number % 20_000 === 0) proving.say(`${number.toLocaleString('en')} requests to go`);
      const { method, path, headers, others } = visitOf(random, tenants);
      const seen = await ask(url, method, path, headers);
      // What the client itself has put into the request may come back to it; nothing else.
      const said = Object.values(headers).join(' ') + path;
      findings.note(
        `${method} ${path}`,
        seen,
        others.filter(({ canary }) => !said.includes(canary)),
      );
    }
  };
  await Promise.all(Array.from({ length: CROWD }, one));
}

/** Asks for a page in spellings that might be taken for a file, with rights and then without: nothing may have been kept. */
async function deceive(url: string, tenants: readonly Tenant[], proving: Proving, findings: Findings): Promise<number> {
  const [victim] = tenants as [Tenant];
  const { deceivedPages } = proving.isSmall ? small : full;
  const spellings = pagesOf(victim).slice(0, deceivedPages).flatMap(deceptionsOf);
  const queue = [...spellings];
  const one = async () => {
    for (let spelling = queue.pop(); spelling !== undefined; spelling = queue.pop()) {
      await ask(url, 'GET', spelling, { authorization: `Bearer ${victim.tokens.owner}` });
      const seen = await ask(url, 'GET', spelling, {});
      findings.note(`GET ${spelling}`, seen, tenants);
      if (seen.status === 200 && seen.text.includes(victim.canary)) findings.tell('keptDeceptions', spelling, seen);
    }
  };
  await Promise.all(Array.from({ length: CROWD }, one));
  return spellings.length;
}

async function prove(proving: Proving): Promise<Verdict> {
  const database = await openProofDatabase(proving, { poolSize: 2 });
  const redisUrl = await ownRedis(proving);
  const { url, stored } = await startEdge({ ...proving, database: database.database, redisUrl, isStoredInFile: true });
  const size = proving.isSmall ? small : full;
  const tenants: Tenant[] = [];
  for (let made = 0; made < size.tenants; made++) tenants.push(await makeTenant(url));
  proving.say(`${tenants.length} organizations`);
  const findings = new Findings(proving.say);
  await visit(url, tenants, proving, findings);
  const spellings = await deceive(url, tenants, proving, findings);
  const { answers, hits } = findings;
  const kept = await searchRedis([redisUrl, testRedis().cache], tenants, proving.say);
  const storage = await stored();
  return verdictOf(
    {
      'answers with what belongs to another organization': findings.crossings,
      'answers that tell what is internal': findings.leaks,
      'refusals that were kept': findings.keptRefusals,
      'deceptions that were kept': findings.keptDeceptions,
      'answers of 500 and more': findings.errors,
      'hits, of which there must be some': hits === 0 ? 1 : 0,
      'entries of Redis with what belongs to another organization': kept.crossings,
      'entries of Redis with a secret': kept.secrets,
      'secrets in what the edge keeps': secretsIn(storage, tenants),
      'stores that were looked through in vain': [kept.own > 0, storage.includes(tenants[0]!.canary)].filter(
        (is) => !is,
      ).length,
    },
    `${answers.toLocaleString('en')} answers through the edge to ${tenants.length} organizations in four roles, ` +
      `${Math.round((100 * hits) / answers)} % of them hits, and ${spellings} spellings of pages as files; ` +
      `${kept.entries.toLocaleString('en')} entries of Redis and all that Varnish keeps looked through`,
  );
}

/** One organization's answers never reach another, whatever is sent through the edge. */
export const tenants: Proof = {
  claim:
    'through the edge nobody gets what belongs to another organization, nor what is internal, whatever they send; and no store holds a secret',
  prove,
};
