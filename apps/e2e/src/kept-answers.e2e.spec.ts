import { eventually } from '@innkeep/testing';
import { type Answer, ApiClient, SharedInnkeep, type Member, signInAgain, signUp } from './system';

const path = '/v1/properties';
const isHit = ({ headers }: Answer) => headers.get('cache-status') === 'innkeep-memory; hit';

describe('an answer that is kept in memory', () => {
  const innkeep = new SharedInnkeep();
  let owner: Member;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    await owner.addProperty();
  });

  /** Until the answer comes from memory. */
  const keep = (client: ApiClient) =>
    eventually(async () => expect(isHit((await client.get(path)).expect(200))).toBe(true));
  const keyOf = async (scopes: readonly string[]) => {
    const body = { name: 'Reader', role: 'manager', scopes, propertyIds: null };
    const { id, key } = (await owner.post('/v1/api-keys', body)).as<{ id: string; key: string }>(201);
    return { id, client: new ApiClient(innkeep.url, key) };
  };
  /** Until the caller is refused; from then on, every time, while others still get the answer from memory. */
  const isRefused = async (client: ApiClient, code: string, other: ApiClient) => {
    await eventually(async () => expect((await client.get(path)).expect(401).problem.code).toBe(code));
    await keep(other);
    for (let n = 0; n < 20; n++) expect((await client.get(path)).status).toBe(401);
  };

  it('is not given to a session that was ended', async () => {
    const phone = await signInAgain(innkeep.anybody, owner);
    await keep(phone);
    (await owner.delete(`/v1/auth/sessions/${phone.sessionId}`)).expect(204);
    await isRefused(phone, 'token-invalid', owner);
  });

  it('is not given by an access token from before the rights changed', async () => {
    const [manager, colleague] = [await owner.invite('manager'), await owner.invite('manager')];
    await keep(manager);
    (await owner.patch(`/v1/users/${manager.userId}`, { role: 'staff' })).expect(200);
    await isRefused(manager, 'token-expired', colleague);
  });

  it('is given to API keys too, within their scopes and until they are revoked', async () => {
    const [one, another] = [await keyOf(['properties:read']), await keyOf(['properties:read'])];
    const elsewhere = await keyOf(['finance:read', 'properties:write']);
    await keep(one.client);
    for (let n = 0; n < 3; n++) expect((await elsewhere.client.get(path)).status).toBe(403);
    expect((await elsewhere.client.get('/v1/finance/expenses')).status).toBe(200);
    for (let n = 0; n < 3; n++) expect((await elsewhere.client.get(path)).status).toBe(403);
    (await owner.delete(`/v1/api-keys/${one.id}`)).expect(204);
    await isRefused(one.client, 'token-invalid', another.client);
  });
});
