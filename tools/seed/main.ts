import { parseArgs } from 'node:util';
import { demoOrganization, demoTransactions } from './demo-data';

/** Signs in, or makes the demo organization when nobody has; then fills it. Running it again changes nothing. */

interface Session {
  readonly accessToken: string;
}

const { values } = parseArgs({ options: { api: { type: 'string', default: 'http://localhost:4000' } } });
const { owner, manager, properties } = demoOrganization;

async function call<T>(
  method: string,
  path: string,
  body: unknown,
  session?: Session,
  key?: string,
): Promise<{ status: number; body: T }> {
  const response = await fetch(new URL(path, values.api), {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(session && { authorization: `Bearer ${session.accessToken}` }),
      ...(key && { 'idempotency-key': key }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T };
}

async function must<T>(...request: Parameters<typeof call>): Promise<T> {
  const { status, body } = await call<T>(...request);
  if (status >= 300) throw new Error(`${request[0]} ${request[1]} answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

async function signIn(): Promise<Session> {
  const { status, body } = await call<Session>('POST', '/v1/auth/login', {
    email: owner.email,
    password: owner.password,
  });
  if (status === 200) return body;
  const signup = { organizationName: demoOrganization.name, ...owner };
  return must<Session>('POST', '/v1/auth/signup', signup);
}

async function invite(
  session: Session,
  person: { name: string; email: string; password: string; role: string },
): Promise<void> {
  const { name, email, password, role } = person;
  const invited = await call<{ token: string }>(
    'POST',
    '/v1/users/invitations',
    { email, name, role, propertyIds: null },
    session,
  );
  if (invited.status === 409) return;
  if (invited.status >= 300)
    throw new Error(`inviting ${email} answered ${invited.status}: ${JSON.stringify(invited.body)}`);
  await must('POST', `/v1/auth/invitations/${invited.body.token}`, { name, password });
}

async function ensureProperties(session: Session): Promise<{ id: number }[]> {
  const { data } = await must<{ data: { id: number; name: string }[] }>('GET', '/v1/properties', undefined, session);
  const ensured: { id: number }[] = [];
  for (const property of properties) {
    const present = data.find(({ name }) => name === property.name);
    ensured.push(
      present ??
        (await must<{ id: number }>(
          'POST',
          '/v1/properties',
          property,
          session,
          `demo-property-${property.name.replaceAll(' ', '-')}`,
        )),
    );
  }
  return ensured;
}

/** External references make recording harmless to repeat: what is there comes back as known. */
async function record(session: Session, propertyId: number): Promise<void> {
  for (const kind of ['revenues', 'expenses'] as const) {
    const items = demoTransactions(kind, propertyId, new Date());
    const { results } = await must<{ results: { status: string; transaction?: { id: string; status: string } }[] }>(
      'POST',
      `/v1/finance/${kind}/bulk`,
      { items },
      session,
      `demo-${kind}-${propertyId}-${Date.now()}`,
    );
    // The newest stay pending, so that there is something to approve.
    const pending = results
      .flatMap(({ transaction }) => (transaction?.status === 'pending' ? [transaction.id] : []))
      .slice(0, -3);
    if (pending.length === 0) continue;
    await must(
      'POST',
      '/v1/finance/approvals/bulk',
      { decision: 'approved', transactionIds: pending },
      session,
      `demo-approvals-${kind}-${propertyId}-${Date.now()}`,
    );
  }
}

async function main(): Promise<void> {
  const session = await signIn();
  const { data } = await must<{ data: unknown[] }>('GET', '/v1/finance/revenues?limit=1', undefined, session);
  if (data.length === 0) {
    for (const { id } of await ensureProperties(session)) await record(session, id);
    await invite(session, manager);
  }
  const logins = [owner, manager].map(({ email, password }, index) => ({
    email,
    password,
    role: index === 0 ? 'owner' : 'manager',
  }));
  console.log(JSON.stringify(logins));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
