import type { DemoApi } from './demo-api';
import type { DemoOrganization, DemoPerson, DemoProperty } from './demo-organizations';
import { type DemoStay, type DemoTransaction, YearMaker } from './demo-year';
import { fillTeam } from './fill-team';
import type { Filling } from './filling';
import { Choices } from './choices';

interface Session {
  readonly accessToken: string;
}

interface Recorded {
  readonly results: readonly { status: string; transaction?: { id: string; status: string; occurredAt: string } }[];
}

/** As many as a bulk route takes. */
const CHUNK = 1_000;
/** What was recorded in the last days is still to be approved. */
const PENDING_MS = 2 * 86_400_000;

function* chunksOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += CHUNK) yield items.slice(from, from + CHUNK);
}

/** Makes a demo organization and its life. Done again it changes nothing: all that it records it records under names of its own. */
export async function fillOrganization(filling: Filling, organization: DemoOrganization): Promise<void> {
  const { api } = filling;
  const [owner, ...others] = organization.people;
  const { accessToken } = await signIn(api, organization.name, owner);
  const known = await propertiesOf(api, accessToken);
  const places: { property: DemoProperty; id: number }[] = [];
  for (const [index, property] of organization.properties.entries()) {
    const id = known.get(property.name) ?? (await addProperty(api, accessToken, property));
    await fillProperty(filling, accessToken, { property, id, name: `demo-${index}` });
    places.push({ property, id });
  }
  for (const person of others) await invite(api, accessToken, person);
  await fillTeam(filling, accessToken, organization, places);
}

async function signIn(api: DemoApi, organizationName: string, owner: DemoPerson): Promise<Session> {
  const { email, password, name } = owner;
  const { status, body } = await api.send<Session>('POST', '/v1/auth/login', { body: { email, password } });
  if (status === 200) return body;
  return api.must<Session>('POST', '/v1/auth/signup', { body: { organizationName, name, email, password } });
}

async function propertiesOf(api: DemoApi, accessToken: string): Promise<ReadonlyMap<string, number>> {
  const { data } = await api.must<{ data: { id: number; name: string }[] }>('GET', '/v1/properties', { accessToken });
  return new Map(data.map(({ id, name }) => [name, id]));
}

async function addProperty(api: DemoApi, accessToken: string, property: DemoProperty): Promise<number> {
  const { name, timeZone, currency, businessDayStartsAt } = property;
  const body = { name, timeZone, currency, businessDayStartsAt };
  const key = `demo-property-${name.replaceAll(' ', '-')}`;
  return (await api.must<{ id: number }>('POST', '/v1/properties', { body, accessToken, key })).id;
}

interface Place {
  readonly property: DemoProperty;
  readonly id: number;
  /** Begins the external references of what is recorded here. */
  readonly name: string;
}

async function fillProperty({ api, now, days, seed }: Filling, accessToken: string, place: Place): Promise<void> {
  const units = `/v1/properties/${place.id}/units`;
  const { data } = await api.must<{ data: unknown[] }>('GET', `${units}?limit=1`, { accessToken });
  // They come last: where they are, all the rest is.
  if (data.length > 0) return;
  const year = new YearMaker(place.property, new Choices(seed ^ place.id), now, days, place.name).make();
  await recordStays(api, accessToken, place.id, year.stays);
  for (const kind of ['revenue', 'expense'] as const) {
    const some = year.transactions.filter((transaction) => transaction.kind === kind);
    await recordTransactions({ api, accessToken, now }, place.id, `${kind}s`, some);
  }
  let number = 100;
  for (const { type, count, capacity } of place.property.units)
    for (let n = 0; n < count; n++) {
      const inServiceFrom = new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10);
      const body = { name: String(++number), unitType: type, capacity, inServiceFrom };
      await api.must('POST', units, { body, accessToken, key: `demo-unit-${place.id}-${number}` });
    }
}

async function recordStays(api: DemoApi, accessToken: string, propertyId: number, stays: readonly DemoStay[]) {
  for (const some of chunksOf(stays)) {
    const items = some.map((stay) => ({ propertyId, ...stay }));
    const key = `demo-stays-${some[0]!.externalReference}`;
    await api.must('POST', '/v1/guest-checkin/bulk', { body: { items }, accessToken, key });
  }
}

async function recordTransactions(
  { api, accessToken, now }: { api: DemoApi; accessToken: string; now: Date },
  propertyId: number,
  kinds: 'revenues' | 'expenses',
  transactions: readonly DemoTransaction[],
): Promise<void> {
  for (const some of chunksOf(transactions)) {
    const items = some.map(({ kind: _kind, ...transaction }) => ({ propertyId, ...transaction }));
    const key = `demo-${kinds}-${some[0]!.externalReference}`;
    const path = `/v1/finance/${kinds}/bulk`;
    const { results } = await api.must<Recorded>('POST', path, { body: { items }, accessToken, key });
    const isOld = (occurredAt: string) => Date.parse(occurredAt) < now.getTime() - PENDING_MS;
    const transactionIds = results.flatMap(({ transaction }) =>
      transaction?.status === 'pending' && isOld(transaction.occurredAt) ? [transaction.id] : [],
    );
    if (transactionIds.length === 0) continue;
    const body = { decision: 'approved', transactionIds };
    await api.must('POST', '/v1/finance/approvals/bulk', { body, accessToken, key: `${key}-approved` });
  }
}

async function invite(api: DemoApi, accessToken: string, { name, email, password, role }: DemoPerson): Promise<void> {
  const body = { email, name, role, propertyIds: null };
  const invited = await api.send<{ token: string }>('POST', '/v1/users/invitations', { body, accessToken });
  if (invited.status === 409) return;
  if (invited.status >= 300)
    throw new Error(`inviting ${email} answered ${invited.status}: ${JSON.stringify(invited.body)}`);
  await api.must('POST', `/v1/auth/invitations/${invited.body.token}`, { body: { name, password } });
}
