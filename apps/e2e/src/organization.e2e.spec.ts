import { eventually } from '@innkeep/testing';
import { ApiClient, SharedInnkeep, type Member, type Page, type SignedIn, newEmail, password, signUp } from './system';
import { mailTo } from './system/mailbox';
import { startTool } from './system/tools';

interface OperatorAction {
  readonly operatorId: number;
  readonly action: string;
  readonly reason: string;
}

describe('an organization', () => {
  const innkeep = new SharedInnkeep();
  let anybody: ApiClient;
  let operator: ApiClient;
  beforeAll(async () => {
    anybody = innkeep.anybody;
    operator = await innkeep.signInOperator();
  });

  const setStatus = (id: number, status: string, reason = 'Three invoices are unpaid') =>
    operator.put(`/v1/system/organizations/${id}/status`, { status, reason });
  const logIn = (email: string, word = password) => anybody.post('/v1/auth/login', { email, password: word });
  const refresh = ({ session }: Member) => anybody.post('/v1/auth/refresh', { refreshToken: session.refreshToken });
  const keyOf = async (owner: Member) => {
    const body = { name: 'Reader', role: 'auditor', scopes: ['properties:read'], propertyIds: null };
    return new ApiClient(innkeep.url, (await owner.post('/v1/api-keys', body)).as<{ key: string }>(201).key);
  };
  const statusOf = async (client: ApiClient) => (await client.get('/v1/properties')).status;
  const areOut = (...clients: ApiClient[]) =>
    eventually(async () => {
      expect(await Promise.all(clients.map(statusOf))).toEqual(clients.map(() => 401));
    });

  it('has room for as much as its plan says, and takes turns for the last place', async () => {
    const owner = await signUp(anybody);
    const ownPlan = async () => (await owner.get('/v1/organization/plan')).as<Record<string, unknown>>(200);
    expect(await ownPlan()).toMatchObject({ plan: 'standard', users: { used: 1, limit: 200 } });
    const wish = { plan: 'free', reason: 'They asked for the small one' };
    (await operator.put(`/v1/system/organizations/${owner.organizationId}/plan`, wish)).expect(200);
    const add = () => owner.post('/v1/properties', { name: 'A house', timeZone: 'Europe/Lisbon', currency: 'EUR' });
    const answers = await Promise.all(Array.from({ length: 5 }, add));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409]);
    const full = { code: 'quota-exceeded', quota: 'properties', plan: 'free', limit: 3, used: 3 };
    expect(answers.find(({ status }) => status === 409)!.problem).toMatchObject(full);

    const invite = (email = newEmail()) =>
      owner.post('/v1/users/invitations', { email, role: 'staff', propertyIds: null });
    const invited = await Promise.all([1, 2, 3, 4].map(() => invite()));
    const tokens = invited.map((answer) => answer.as<{ token: string; email: string }>(201));
    expect((await invite()).expect(409).problem).toMatchObject({ quota: 'users', limit: 5, used: 5 });
    // In the place of one that is open.
    (await invite(tokens[3]!.email)).expect(201);
    const accept = (token: string) => anybody.post(`/v1/auth/invitations/${token}`, { name: 'Rui', password });
    for (const { token } of tokens.slice(0, 3)) (await accept(token)).expect(201);
    expect(await ownPlan()).toMatchObject({ plan: 'free', properties: { used: 3, limit: 3 }, users: { used: 5 } });
    const { data } = (await owner.get('/v1/organization/operator-actions')).as<Page<OperatorAction>>(200);
    expect(data).toMatchObject([{ action: 'plan: free', reason: wish.reason }]);
  });

  it('that is suspended lets nobody in, and everybody as before when it is opened again', async () => {
    const [owner, stranger] = [await signUp(anybody), await signUp(anybody)];
    const [staff, key, keyOfStranger] = [await owner.invite('staff'), await keyOf(owner), await keyOf(stranger)];
    const { token } = (
      await owner.post('/v1/users/invitations', { email: newEmail(), role: 'staff', propertyIds: null })
    ).as<{ token: string }>(201);
    for (const client of [owner, staff, key, stranger, keyOfStranger]) expect(await statusOf(client)).toBe(200);

    expect((await setStatus(owner.organizationId, 'suspended')).as(200)).toEqual({
      id: owner.organizationId,
      status: 'suspended',
    });
    await areOut(owner, staff, key);
    expect((await logIn(owner.email)).expect(403).problem.code).toBe('organization-not-active');
    expect((await logIn(owner.email, 'not this one at all')).expect(401).problem.code).toBe('invalid-credentials');
    expect((await refresh(staff)).expect(401).problem.code).toBe('refresh-token-invalid');
    const accepted = await anybody.post(`/v1/auth/invitations/${token}`, { name: 'Rui', password });
    expect(accepted.expect(403).problem.code).toBe('organization-not-active');
    for (const client of [stranger, keyOfStranger]) expect(await statusOf(client)).toBe(200);

    (await setStatus(owner.organizationId, 'active', 'They have paid')).expect(200);
    const session = (await refresh(staff)).as<SignedIn>(200);
    expect(await statusOf(new ApiClient(innkeep.url, session.accessToken))).toBe(200);
    expect(await statusOf(key)).toBe(200);
    (await logIn(owner.email)).expect(200);
    (await anybody.post(`/v1/auth/invitations/${token}`, { name: 'Rui', password })).expect(201);
  });

  it('sees what operators did to it and why, and nobody else’s', async () => {
    const [owner, stranger] = [await signUp(anybody), await signUp(anybody)];
    (await setStatus(owner.organizationId, 'suspended')).expect(200);
    (await setStatus(owner.organizationId, 'suspended')).expect(200);
    (await setStatus(owner.organizationId, 'active', 'They have paid')).expect(200);
    const again = new ApiClient(innkeep.url, (await refresh(owner)).as<SignedIn>(200).accessToken);
    const actions = async (client: ApiClient) =>
      (await client.get('/v1/organization/operator-actions')).as<Page<OperatorAction>>(200).data;
    expect(await actions(again)).toMatchObject([
      { action: 'status: active', reason: 'They have paid' },
      { action: 'status: suspended', reason: 'Three invoices are unpaid' },
    ]);
    expect(await actions(stranger)).toEqual([]);
  });

  it('is closed by an owner who gives the password, and loses nothing', async () => {
    const owner = await signUp(anybody);
    const [manager, key, property] = [await owner.invite('manager'), await keyOf(owner), await owner.addProperty()];
    const close = (member: Member, word = password) => member.post('/v1/organization/closure', { password: word });
    expect((await close(manager)).status).toBe(403);
    expect((await close(owner, 'not this one')).expect(403).problem.code).toBe('password-wrong');
    (await close(owner)).expect(204);
    await areOut(owner, manager, key);
    expect((await logIn(manager.email)).expect(403).problem.code).toBe('organization-not-active');
    (await setStatus(owner.organizationId, 'active', 'Closed by mistake')).expect(200);
    const session = (await logIn(owner.email)).as<SignedIn>(200);
    (await new ApiClient(innkeep.url, session.accessToken).get(`/v1/properties/${property.id}`)).expect(200);
  });

  it('is deleted by hand once it is closed, after its days or at once, and nobody finds it again', async () => {
    const [owner, neighbour] = [await signUp(anybody), await signUp(anybody)];
    await owner.recordApproved('revenue', (await owner.addProperty()).id);
    const property = await neighbour.addProperty();
    const tool = (...more: string[]) =>
      startTool('organizations', ['delete', String(owner.organizationId), ...more], {
        ...innkeep.adminEnvironment,
        DATA_DIR: innkeep.dataDir,
      }).ended;
    expect((await tool('--now')).output).toContain('is not closed');
    (await owner.post('/v1/organization/closure', { password })).expect(204);
    const counted = await tool('--dry-run');
    expect([counted.code, counted.output]).toEqual([0, expect.stringContaining('finance.transactions')]);
    expect((await tool()).output).toContain('not for 30 days yet');
    await eventually(async () => expect((await tool('--now')).output).toContain('is deleted'));
    expect((await tool('--now')).output).toContain('there is no organization');
    expect((await logIn(owner.email)).expect(401).problem.code).toBe('invalid-credentials');
    expect((await setStatus(owner.organizationId, 'active')).status).toBe(404);
    (await neighbour.get(`/v1/properties/${property.id}`)).expect(200);
    // The address is free again.
    const body = { organizationName: 'Anew', name: 'Ana Duarte', email: owner.email, password };
    (await anybody.post('/v1/auth/signup', body)).expect(201);
  });

  it('is suspended by operators only, with a reason, if there is one', async () => {
    const owner = await signUp(anybody);
    const body = { status: 'suspended', reason: 'Three invoices are unpaid' };
    expect((await owner.put(`/v1/system/organizations/${owner.organizationId}/status`, body)).status).toBe(401);
    expect((await setStatus(owner.organizationId, 'suspended', ' ')).status).toBe(400);
    expect((await setStatus(owner.organizationId, 'closed')).status).toBe(400);
    expect((await setStatus(999_999_999, 'suspended')).status).toBe(404);
  });

  it('is looked into by support for a while, which its owners see and may end', async () => {
    const [owner, stranger] = [await signUp(anybody), await signUp(anybody)];
    const property = await owner.addProperty({ name: 'Casa das Flores' });
    await owner.recordApproved('revenue', property.id, { description: 'Two nights' });
    const path = `/v1/system/organizations/${owner.organizationId}/support-access`;
    for (const wrong of [{}, { reason: 'why?' }, { reason: 'A good reason', minutes: 61 }])
      expect((await operator.post(path, wrong)).expect(400).problem.code).toBe('invalid-request');
    const reason = 'The March report looks wrong';
    const opened = (await operator.post(path, { reason, minutes: 10 })).expect(201);
    const { id, key, expiresAt } = opened.as<{ id: string; key: string; expiresAt: string }>(201);
    const minutes = (Date.parse(expiresAt) - Date.now()) / 60_000;
    expect([minutes > 5, minutes <= 10]).toEqual([true, true]);

    const support = new ApiClient(innkeep.url, key);
    const seen = (await support.get('/v1/properties')).as<Page<{ name: string }>>(200);
    expect(seen.data.map(({ name }) => name)).toEqual(['Casa das Flores']);
    (await support.get(`/v1/finance/revenues?propertyId=${property.id}`)).expect(200);
    const body = { propertyId: property.id, amountCents: 1, description: 'By support' };
    for (const refused of [
      await support.post('/v1/finance/expenses', body),
      await support.patch(`/v1/properties/${property.id}`, { name: 'Mine' }),
      await support.get('/v1/users'),
      await support.get('/v1/auth/sessions'),
    ])
      refused.expect(403);
    const theirs = await stranger.addProperty();
    (await support.get(`/v1/properties/${theirs.id}`)).expect(404);

    const actions = (await owner.get('/v1/organization/operator-actions')).as<Page<OperatorAction>>(200);
    expect(actions.data).toMatchObject([{ action: 'support access: 10 minutes', reason }]);
    const mail = await mailTo(innkeep, owner.email, 'support looks into');
    expect(mail.text).not.toContain(reason);
    const keys = (await owner.get('/v1/api-keys')).as<Page<{ id: string; createdBy: number | null }>>(200);
    expect(keys.data).toMatchObject([{ id, name: 'Support', role: 'auditor', createdBy: null }]);
    (await owner.delete(`/v1/api-keys/${id}`)).expect(204);
    await areOut(support);
    expect(await statusOf(owner)).toBe(200);
  });

  it('that is suspended or nowhere is not looked into', async () => {
    const owner = await signUp(anybody);
    await setStatus(owner.organizationId, 'suspended');
    const path = (id: number) => `/v1/system/organizations/${id}/support-access`;
    const refused = await operator.post(path(owner.organizationId), { reason: 'Why is it suspended' });
    expect(refused.expect(403).problem.code).toBe('organization-not-active');
    expect((await operator.post(path(999_999_999), { reason: 'Who is it' })).expect(404).problem.code).toBe(
      'not-found',
    );
  });
});
