import { eventually } from '@innkeep/testing';
import { InnkeepUnderTest, type Member, type Page, signUp } from './system';
import { startTool } from './system/tools';

interface Entry {
  readonly version: number;
  readonly type: string;
  readonly actorId: number | null;
  readonly requestId: string | null;
  readonly entityType: string | null;
  readonly entityId: string | null;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown>;
  readonly hash: string;
}

describe('what an organization is told of itself', () => {
  const innkeep = new InnkeepUnderTest();
  let owner: Member;
  let auditor: Member;
  let propertyId: number;
  let position: number;
  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    propertyId = (await owner.addProperty()).id;
    auditor = await owner.invite('auditor');
  });

  describe('the audit log', () => {
    const log = async (query = '', member = owner) =>
      (await member.getAfter(position, `/v1/audit-log${query}`)).as<Page<Entry>>(200).data;

    it('says who changed what by which request, and what it was before', async () => {
      const recorded = await owner.record('revenue', propertyId, { description: 'Two nights' });
      const { id } = recorded.as<{ id: string }>(201);
      (await owner.patch(`/v1/finance/revenues/${id}`, { amountCents: 2_500 })).expect(200);
      const approved = (await owner.decide('revenue', id)).expect(200);
      position = approved.position;
      const [last, changed, first] = await log(`?entityType=transaction&entityId=${id}`);
      expect(first).toMatchObject({ type: 'TransactionRecorded', actorId: owner.userId, before: null });
      expect(changed).toMatchObject({ before: { amountCents: 1_000 }, after: { amountCents: 2_500 } });
      expect(last).toMatchObject({
        type: 'TransactionApproved',
        before: { status: 'pending' },
        after: { status: 'approved' },
      });
      expect([last!.requestId, last!.version]).toEqual([approved.headers.get('x-request-id'), position]);
    });

    it('is filtered and paged', async () => {
      const all = await log();
      expect(all.map(({ version }) => version)).toEqual(Array.from({ length: position }, (_, n) => position - n));
      expect(await log(`?propertyId=${propertyId}`)).toEqual(
        all.filter(({ type }) => /^(Transaction|Property)/.test(type)),
      );
      expect((await log('?type=UserAdded')).map(({ entityId }) => Number(entityId))).toEqual([
        auditor.userId,
        owner.userId,
      ]);
      expect(await log(`?actorId=${auditor.userId}`)).toEqual(all.filter((one) => one.actorId === auditor.userId));
      const today = new Date().toISOString().slice(0, 10);
      expect((await log(`?from=${today}`)).length).toBeGreaterThan(0);
      expect(await log('?to=2020-01-01')).toEqual([]);
      const page = (await owner.get('/v1/audit-log?limit=2')).as<Page<Entry>>(200);
      const next = (await owner.get(`/v1/audit-log?limit=2&cursor=${page.nextCursor}`)).as<Page<Entry>>(200);
      expect([...page.data, ...next.data]).toEqual(all.slice(0, 4));
      for (const wrong of ['?type=Nothing', `?actorId=1&cursor=${page.nextCursor}`])
        (await owner.get(`/v1/audit-log${wrong}`)).expect(400);
      (await owner.get('/v1/audit-log?from=2026-02-02&to=2026-02-01')).expect(422);
    });

    it('shows names to owners alone, and nobody those of the erased; no hash changes by that', async () => {
      const erased = await owner.invite('auditor');
      await eventually(async () => expect((await log(`?type=UserAdded&entityId=${erased.userId}`)).length).toBe(1));
      const named = async (member: Member) => (await log(`?type=UserAdded&entityId=${erased.userId}`, member))[0]!;
      expect([(await named(owner)).after.name, (await named(auditor)).after.name]).toEqual(['auditor', 'withheld']);
      const { hash } = await named(owner);
      position = (await owner.post(`/v1/users/${erased.userId}/erasure`)).position;
      expect(await named(owner)).toMatchObject({ after: { name: 'erased' }, hash });
      const scoped = await owner.invite('auditor', [propertyId]);
      expect(new Set((await log('', scoped)).map(({ type }) => type.replace(/[A-Z][a-z]+$/, '')))).toEqual(
        new Set(['Transaction', 'Property']),
      );
    });

    it('has a hash that stands for it, and a check that finds who changes it', async () => {
      const head = (await auditor.getAfter(position, '/v1/audit-log/verification')).as<{
        version: number;
        hash: string;
      }>(200);
      const [last] = await log();
      expect(head).toMatchObject({ version: last!.version, hash: last!.hash });
      const earlier = await owner.get('/v1/audit-log/verification?version=2');
      expect(earlier.as<{ hash: string }>(200).hash).toBe((await log()).at(-2)!.hash);
      (await owner.get('/v1/audit-log/verification?version=999999')).expect(404);
      const verify = async (...args: string[]) => {
        const { code, output } = await startTool('audit', ['verify', ...args], innkeep.adminEnvironment).ended;
        return { code, output };
      };
      const own = ['--organization', String(owner.organizationId), '--json'];
      const whole = await verify(...own, '--anchor', `${head.version}:${head.hash}`);
      expect([whole.code, JSON.parse(whole.output)]).toMatchObject([
        0,
        { organizations: 1, breaks: [], notCompared: 0 },
      ]);
      await innkeep.database.asAdmin(
        `update audit.entries set actor_id = actor_id + 1 where organization_id = $1 and version = 3`,
        [owner.organizationId],
      );
      const forged = await verify(...own);
      const found = { organizationId: owner.organizationId, version: 3, fault: 'entry-altered' };
      expect([forged.code, JSON.parse(forged.output)]).toMatchObject([1, { breaks: [found] }]);
      expect((await verify('--anchor', 'nothing')).code).toBe(2);
    });
  });
});
