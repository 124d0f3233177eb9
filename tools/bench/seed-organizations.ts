import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';

/** An organization with its owner's token and one property, as the requests and the thin server need to know it. */
export interface BenchOrganization {
  readonly organizationId: number;
  readonly bucket: number;
  readonly userId: number;
  readonly propertyId: number;
  readonly accessToken: string;
}

/** The month whose report is measured: 31 days, each with transactions. */
export const month = { year: 2026, month: 7 } as const;
const DAYS = 31;
/** What stays pending, so that the list has more than one page of everything. */
const PENDING = 150;

async function call<T>(api: number, path: string, body: unknown, token?: string, key?: string): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${api}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(key && { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}

const item = (propertyId: number, index: number) => ({
  propertyId,
  amountCents: 10_000 + index,
  description: `Transaction ${index} of the measurement`,
  category: 'housekeeping',
  paymentMode: 'card',
  occurredAt: `${month.year}-0${month.month}-${String((index % DAYS) + 1).padStart(2, '0')}T10:00:00Z`,
});

async function seedOne(api: number, index: number): Promise<Omit<BenchOrganization, 'bucket'>> {
  const { accessToken, organizationId, userId } = await call<BenchOrganization>(api, '/v1/auth/signup', {
    organizationName: `Measured ${index}`,
    name: 'Owner',
    email: `owner-${index}@bench.example`,
    password: 'measured-and-found-quick-enough',
  });
  const property = { name: 'House', timeZone: 'Europe/Lisbon', currency: 'EUR' };
  const { id: propertyId } = await call<{ id: number }>(api, '/v1/properties', property, accessToken, 'property');
  const record = async (kind: string, count: number) => {
    const items = Array.from({ length: count }, (_, n) => item(propertyId, n));
    const path = `/v1/finance/${kind}/bulk`;
    const key = `${kind}-${count}`;
    const { results } = await call<{ results: { transaction: { id: string } }[] }>(
      api,
      path,
      { items },
      accessToken,
      key,
    );
    return results.map(({ transaction }) => transaction.id);
  };
  const transactionIds = [...(await record('revenues', DAYS * 3)), ...(await record('expenses', DAYS * 2))];
  const approval = { decision: 'approved', transactionIds };
  await call(api, '/v1/finance/approvals/bulk', approval, accessToken, 'approvals');
  await record('expenses', PENDING);
  return { organizationId, userId, propertyId, accessToken };
}

/** Waits until nothing that the seeding has brought about is still going on: neither folds nor purges. */
async function settled(pool: Pool): Promise<void> {
  const waiting = `select (select count(*) from edge.purge_asks)
    + (select count(*) from events.checkpoints c join events.buckets b using (bucket) where b.position > c.position) as count`;
  for (;;) {
    const { rows } = await pool.query<{ count: string }>(waiting);
    if (Number(rows[0]!.count) === 0) return;
    await sleep(200);
  }
}

/** Signs up organizations through the API and gives each a property, a month of approved transactions and a list of pending ones. */
export async function seedOrganizations(api: number, adminUrl: string, count: number): Promise<BenchOrganization[]> {
  const seeded: Omit<BenchOrganization, 'bucket'>[] = [];
  for (let index = 0; index < count; index += 4) {
    seeded.push(...(await Promise.all([0, 1, 2, 3].map((n) => seedOne(api, index + n)))));
  }
  const pool = new Pool({ connectionString: adminUrl, max: 1 });
  try {
    const route = async ({ organizationId }: { organizationId: number }) =>
      (await pool.query<{ bucket: number }>('select bucket from directory.route($1)', [organizationId])).rows[0]!;
    const routes = await Promise.all(seeded.map(route));
    await settled(pool);
    await pool.query('analyze');
    return seeded.map((organization, index) => ({ ...organization, bucket: routes[index]!.bucket }));
  } finally {
    await pool.end();
  }
}
