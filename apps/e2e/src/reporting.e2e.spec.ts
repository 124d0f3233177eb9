import { createHash } from 'node:crypto';
import { eventually } from '@innkeep/testing';
import { parse } from 'csv-parse/sync';
import { SharedInnkeep, type Member, type Page, signUp } from './system';
import { sheetsOf, textsOf } from './system/report-files';
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

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('what an organization is told of itself', () => {
  const innkeep = new SharedInnkeep();
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

  describe('a report as a file', () => {
    interface ReportExport {
      readonly id: string;
      readonly status: string;
      readonly failure: string | null;
      readonly progress: { readonly percent: number; readonly rows: number };
      readonly position: number;
      readonly bytes: number;
      readonly sha256: string;
      readonly expiresAt: string;
    }
    const range = { from: '2026-03-01', to: '2026-04-30' };
    let houseId: number;
    beforeAll(async () => {
      houseId = (await owner.addProperty({ name: 'Casa "Rio" – Łódź Ω' })).id;
      for (const [kind, amountCents, day, description] of [
        ['revenue', 123_450, '2026-03-01', '=SUM(A1)'],
        ['revenue', 98_765, '2026-03-02', 'Two nights'],
        ['expense', 4_321, '2026-03-02', 'Fresh towels'],
        ['expense', 1_000, '2026-04-15', 'Soap'],
      ] as const)
        await owner.recordApproved(kind, houseId, {
          amountCents,
          description,
          occurredAt: `${day}T12:00:00Z`,
          category: 'rooms',
        });
      await owner.record('expense', houseId, { description: 'not decided', occurredAt: '2026-03-03T12:00:00Z' });
    });

    const ask = async (report: string, format: string, member = owner, propertyId = houseId) =>
      (await member.post('/v1/exports/reports', { report, format, propertyId, ...range })).as<ReportExport>(202);
    const ended = (id: string, member = owner) =>
      eventually(async () => {
        const seen = (await member.get(`/v1/exports/${id}`)).as<ReportExport>(200);
        if (!['ready', 'failed'].includes(seen.status)) throw new Error(`it is ${seen.status}`);
        return seen;
      });
    const fileOf = async (id: string, member = owner) => {
      const { url } = (await member.post(`/v1/exports/${id}/links`)).as<{ url: string }>(201);
      return innkeep.anybody.get(url);
    };
    const made = async (report: string, format: string) => {
      const asked = await ask(report, format);
      const seen = await ended(asked.id);
      const file = (await fileOf(asked.id)).expect(200);
      expect(seen).toMatchObject({ status: 'ready', bytes: file.bytes.length, sha256: sha256(file.bytes) });
      expect(seen.progress.percent).toBe(100);
      expect(file.headers.get('content-disposition')).toBe(
        `attachment; filename="${report}-${houseId}-2026-03-01-2026-04-30-position-${seen.position}.${format}"`,
      );
      return { ...seen, content: file.bytes };
    };
    /** What the reports say, which every file has to agree with. */
    const monthOf = async (month: number) =>
      (await owner.get(`/v1/reports/monthly-report?propertyId=${houseId}&year=2026&month=${month}`)).as<{
        readonly totalReceivedCents: number;
        readonly totalExpensesCents: number;
      }>(200);

    it('is CSV whose columns come to what the report says', async () => {
      const rows = parse((await made('daily-report', 'csv')).content, { bom: true, columns: true }) as Record<
        string,
        string
      >[];
      expect(rows.map(({ date }) => date)).toEqual(['2026-03-01', '2026-03-02', '2026-04-15']);
      const march = await monthOf(3);
      const inMarch = rows.filter(({ date }) => date!.startsWith('2026-03'));
      const sum = (name: string) => Math.round(inMarch.reduce((total, row) => total + Number(row[name]), 0) * 100);
      expect([sum('received'), sum('expenses')]).toEqual([march.totalReceivedCents, march.totalExpensesCents]);
      const transactions = parse((await made('transactions', 'csv')).content, { bom: true, columns: true }) as Record<
        string,
        string
      >[];
      expect(transactions.map((row) => [row.description, row.status, row.amount])).toEqual([
        [`'=SUM(A1)`, 'approved', '1234.50'],
        ['Two nights', 'approved', '987.65'],
        ['Fresh towels', 'approved', '43.21'],
        ['not decided', 'pending', '10.00'],
        ['Soap', 'approved', '10.00'],
      ]);
    });

    it('is a workbook with totals, that says what it is and as of which position', async () => {
      const { content, position: shown } = await made('monthly-report', 'xlsx');
      const [sheet, about] = sheetsOf(content);
      const [march, april] = [await monthOf(3), await monthOf(4)];
      expect(sheet!.map((row) => row.slice(0, 4))).toEqual([
        ['Month', 'Currency', 'Received', 'Expenses'],
        ['2026-03', 'EUR', march.totalReceivedCents / 100, march.totalExpensesCents / 100],
        ['2026-04', 'EUR', april.totalReceivedCents / 100, april.totalExpensesCents / 100],
        ['Total', 'EUR', 2_222.15, 53.21],
      ]);
      expect(about).toEqual(
        expect.arrayContaining([
          ['Property', 'Casa "Rio" – Łódź Ω'],
          ['Position', shown],
        ]),
      );
      const [transactions] = sheetsOf((await made('transactions', 'xlsx')).content);
      expect(transactions![1]).toContain('=SUM(A1)');
    });

    it('is a PDF in every alphabet, with totals and numbers of pages', async () => {
      const { content, position: shown } = await made('profit-loss', 'pdf');
      expect(content.subarray(0, 5).toString()).toBe('%PDF-');
      const texts = textsOf(content);
      const all = texts.join(' ').replaceAll(/\s+/g, ' ');
      for (const part of [
        'Profit and loss',
        'Casa "Rio" – Łódź Ω',
        '2026-03-01 to 2026-04-30',
        `position ${shown}`,
        'Page 1 of 1',
      ])
        expect(all).toContain(part);
      expect(all).toMatch(
        /2026-03 revenue rooms EUR 2,222.15 2 .*2026-04 expense rooms EUR 10.00 1 .*net EUR 2,168.94 4/,
      );
    });

    it('is told of as it is made, and is not made longer than its format can hold', async () => {
      const after = await owner.get('/v1/exports');
      const { id } = await ask('daily-report', 'pdf');
      await ended(id);
      const stream = await owner.get(`/v2/realtime/stream?follow=false&services=exports&properties=${houseId}`, {
        'last-event-id': `1.${after.position}`,
      });
      expect(stream.text).toContain('"status":"ready","percent":100');
      await innkeep.database.asAdmin(
        `insert into finance.transactions (bucket, organization_id, id, kind, property_id, amount_cents, currency, description, occurred_at, business_on,
           status, recorded_by, version)
         select bucket, organization_id, gen_random_uuid(), kind, property_id, n, currency, 'one of many', occurred_at, business_on, status, recorded_by, version
         from finance.transactions, generate_series(1, 2001) n where property_id = $1 and description = 'Soap'`,
        [houseId],
      );
      const failed = await ended((await ask('transactions', 'pdf')).id);
      expect(failed).toMatchObject({ status: 'failed', failure: 'too-many-rows', position: null });
      (await owner.post(`/v1/exports/${failed.id}/links`)).expect(409);
    });

    it('is for whoever asked, of a property that he sees, and is gone after a day', async () => {
      const staff = await owner.invite('staff');
      (
        await staff.post('/v1/exports/reports', {
          report: 'daily-report',
          format: 'csv',
          propertyId: houseId,
          ...range,
        })
      ).expect(403);
      const elsewhere = await owner.invite('manager', [propertyId]);
      const body = { report: 'daily-report', format: 'csv', propertyId: houseId, ...range };
      (await elsewhere.post('/v1/exports/reports', body)).expect(404);
      (await owner.post('/v1/exports/reports', { ...body, from: '2026-05-01' })).expect(422);
      (await owner.post('/v1/exports/reports', { ...body, report: 'nothing' })).expect(400);
      const { id } = await ask('daily-report', 'csv');
      await ended(id);
      (await auditor.get(`/v1/exports/${id}`)).expect(404);
      (await auditor.post(`/v1/exports/${id}/links`)).expect(404);
      const page = (await owner.get('/v1/exports?limit=1')).as<Page<ReportExport>>(200);
      expect(page.data.map((one) => one.id)).toEqual([id]);
      const { url } = (await owner.post(`/v1/exports/${id}/links`)).as<{ url: string }>(201);
      (await innkeep.anybody.get(url)).expect(200);
      // The files of the organization as a whole are not to be had by this way, nor these by that.
      (await owner.get(`/v1/organization/exports/${id}`)).expect(404);
      (await innkeep.anybody.get(url.replace('/v1/exports', '/v1/organization/exports'))).expect(403);
      await innkeep.database.asAdmin(
        `update exports.exports set expires_at = now() - interval '1 second', due_at = now() - interval '1 second' where id = $1`,
        [id],
      );
      await eventually(async () => {
        expect((await owner.get(`/v1/exports/${id}`)).as<ReportExport>(200).status).toBe('removed');
        const [row] = await innkeep.database.asAdmin<{ status: string }>(
          'select status from exports.exports where id = $1',
          [id],
        );
        expect(row!.status).toBe('removed');
      });
      (await innkeep.anybody.get(url)).expect(403);
    });
  });
});
