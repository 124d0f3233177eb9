import { eventually } from '@innkeep/testing';
import sharp from 'sharp';
import { accountStory } from './account-story';
import type { ApiClient } from './api-client';
import { guestStory, storyTime } from './guest-story';
import { addFile, putFile } from './files';
import type { InnkeepUnderTest } from './innkeep-under-test';
import { StaffStory } from './staff-story';
import { type Kind, type Member, type Property, type Transaction, signInAgain, signUp } from './members';

/** Something that a user or an operator does, and after which an answer may be another. */
export interface Act {
  readonly name: string;
  run(): Promise<unknown>;
}

/** One organization in which every type of event happens, one act after the other. */
export class EveryEvent {
  owner!: Member;
  property!: Property;
  private operator!: ApiClient;
  private invited!: Member;
  private readonly transactions: Partial<Record<string, string>> = {};

  constructor(private readonly innkeep: InnkeepUnderTest) {}

  async begin(): Promise<void> {
    this.operator = await this.innkeep.signInOperator();
    this.owner = await signUp(this.innkeep.anybody);
    this.property = await this.owner.addProperty();
    await this.owner.record('expense', this.property.id, { occurredAt: storyTime });
    await this.owner.recordApproved('revenue', this.property.id, { occurredAt: storyTime });
  }

  /** Everything that happens. What expenses have shown is shown of revenues as far as they are another list. */
  get acts(): Act[] {
    return [
      ...this.ofProperties(),
      ...guestStory(this.owner, this.property),
      ...this.ofFinance('expense'),
      ...this.ofFinance('revenue').slice(0, 3),
      ...this.ofTasks(),
      ...this.ofBooks(),
      ...this.ofTheOrganization(),
      ...new StaffStory(this.innkeep, this.owner, this.property).acts,
      ...this.ofDocuments(),
      ...this.ofPeople(),
    ];
  }

  private ofTheOrganization(): Act[] {
    const exports = '/v1/organization/exports';
    let id = '';
    let reportId = '';
    return [
      {
        name: 'a purge is asked for',
        run: () => this.owner.post('/v1/cache/purge', { keys: [`property:${this.property.id}`] }),
      },
      {
        name: 'everything is asked for as files',
        run: async () => (id = (await this.owner.post(exports)).as<{ id: string }>(202).id),
      },
      {
        name: 'a report is asked for as a file',
        run: async () => {
          const { id: propertyId } = this.property;
          const body = { report: 'daily-report', format: 'csv', propertyId, from: '2026-03-01', to: '2026-03-31' };
          reportId = (await this.owner.post('/v1/exports/reports', body)).as<{ id: string }>(202).id;
        },
      },
      {
        name: 'a link to the file of a report is asked for',
        run: () => eventually(async () => (await this.owner.post(`/v1/exports/${reportId}/links`)).expect(201)),
      },
      {
        name: 'a link to the files is asked for',
        run: () => eventually(async () => (await this.owner.post(`${exports}/${id}/links`)).expect(201)),
      },
    ];
  }

  private ofTasks(): Act[] {
    const { owner } = this;
    let task = { id: '', checklist: [{ id: '' }] };
    const path = (suffix = '') => `/v1/tasks/${task.id}${suffix}`;
    return [
      {
        name: 'a task is made',
        run: async () => {
          const body = { propertyId: this.property.id, title: 'Get it ready', checklist: ['Towels'] };
          task = (await owner.post('/v1/tasks', body)).as<typeof task>(201);
        },
      },
      { name: 'a task is given to somebody', run: () => owner.put(path('/assignee'), { assigneeId: owner.userId }) },
      {
        name: 'an item is ticked',
        run: () => owner.put(path(`/checklist/${task.checklist[0]!.id}`), { isDone: true }),
      },
      { name: 'a task is commented on', run: () => owner.post(path('/comments'), { text: 'It is dark.' }) },
      {
        name: 'a task is due soon, and somebody is reminded',
        run: async () => {
          const dueAt = new Date(Date.now() + 240_000).toISOString();
          const { position } = (await owner.patch(path(), { dueAt, remindMinutesBefore: 5 })).expect(200);
          await eventually(async () => expect((await owner.get(path())).etag).not.toBe(`"${position}"`));
        },
      },
      { name: 'a task is done', run: () => owner.put(path('/status'), { status: 'done' }) },
      { name: 'the theme is changed', run: () => owner.patch('/v1/branding/theme', { font: 'serif' }) },
    ];
  }

  private ofDocuments(): Act[] {
    const { owner } = this;
    const file = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const logo = { kind: 'logo', mediaType: 'image/png' };
    let id = '';
    return [
      {
        name: 'a logo is added, and shown to everybody',
        run: async () => {
          id = (await addFile(owner, 'organization', 'Logo', logo, await file)).id;
          await eventually(async () =>
            expect((await owner.get(`/v1/documents/${id}`)).as<{ assetUrl: string }>(200).assetUrl).toBeTruthy(),
          );
        },
      },
      {
        name: 'a file is refused',
        run: async () => {
          const lie = await putFile(owner, 'organization', 'Lie', logo);
          (await owner.post(`/v1/uploads/${lie.id}/complete`)).expect(422);
        },
      },
      {
        name: 'a link to a document is asked for',
        run: () => owner.post(`/v1/documents/${id}/links`, { purpose: 'view' }),
      },
      { name: 'a document is deleted', run: () => owner.delete(`/v1/documents/${id}`) },
    ];
  }

  private ofProperties(): Act[] {
    return [
      { name: 'a property is added', run: () => this.owner.addProperty({ name: 'The annex' }) },
      {
        name: 'a property is renamed',
        run: () => this.owner.patch(`/v1/properties/${this.property.id}`, { name: 'The mill' }),
      },
      {
        name: 'the day of a property begins later',
        run: () => this.owner.patch(`/v1/properties/${this.property.id}`, { businessDayStartsAt: '05:00' }),
      },
    ];
  }

  private ofFinance(kind: Kind): Act[] {
    const path = (name: string) => `/v1/finance/${kind}s/${this.transactions[name]}`;
    const record = async (name: string) => {
      const answer = await this.owner.record(kind, this.property.id, { occurredAt: storyTime });
      this.transactions[name] = answer.as<Transaction>(201).id;
    };
    return [
      { name: `a ${kind} is recorded`, run: () => record('first') },
      { name: `a ${kind} is changed`, run: () => this.owner.patch(path('first'), { amountCents: 77 }) },
      {
        name: `a ${kind} is approved`,
        run: () => this.owner.put(`${path('first')}/approval`, { decision: 'approved' }),
      },
      { name: `a ${kind} is reversed`, run: () => this.owner.post(`${path('first')}/reversal`, {}) },
      { name: `another ${kind} is recorded`, run: () => record('second') },
      {
        name: `a ${kind} is rejected`,
        run: () => this.owner.put(`${path('second')}/approval`, { decision: 'rejected' }),
      },
      { name: `a third ${kind} is recorded`, run: () => record('third') },
      { name: `a ${kind} is deleted`, run: () => this.owner.delete(path('third')) },
      {
        name: `many ${kind}s are recorded today`,
        run: () =>
          this.owner.post(`/v1/finance/${kind}s/bulk`, {
            items: [1, 2].map((amountCents) => ({
              propertyId: this.property.id,
              ...{ amountCents, description: 'of many', occurredAt: new Date().toISOString() },
            })),
          }),
      },
    ];
  }

  private ofBooks(): Act[] {
    const ids: Record<string, string> = {};
    const add = async (name: string, path: string, body: object) => {
      ids[name] = (await this.owner.post(`/v1/finance/${path}`, body)).as<{ id: string }>(201).id;
    };
    const chain = { currency: this.property.currency, roles: ['owner', 'owner'], forbidsOwn: false };
    const books = { propertyId: this.property.id, businessDay: '2026-03-09' };
    const beforeThat = { occurredAt: '2026-03-08T12:00:00Z' };
    return [
      {
        name: 'rows are imported',
        run: () =>
          this.owner.post(`/v1/finance/imports?kind=expense&propertyId=${this.property.id}`, {
            rows: [{ date: '2026-03-10', amount: '1.00', description: 'Of a file' }],
          }),
      },
      { name: 'a category is added', run: () => add('category', 'categories', { kind: 'expense', name: 'Linen' }) },
      {
        name: 'a category is archived',
        run: () => this.owner.patch(`/v1/finance/categories/${ids.category}`, { isArchived: true }),
      },
      {
        name: 'a tax is laid down',
        run: () =>
          add('tax', 'taxes', { name: 'VAT', rateBasisPoints: 600, isInclusive: true, effectiveFrom: '2026-01-01' }),
      },
      { name: 'a rule of approval is laid down', run: () => add('rule', 'approval-rules', chain) },
      {
        name: 'an expense with a chain is recorded',
        run: async () => {
          const answer = await this.owner.record('expense', this.property.id, beforeThat);
          ids.chained = answer.as<Transaction>(201).id;
        },
      },
      { name: 'a step of its chain is taken', run: () => this.owner.decide('expense', ids.chained!) },
      { name: 'a rule is removed', run: () => this.owner.delete(`/v1/finance/approval-rules/${ids.rule}`) },
      { name: 'a tax is removed', run: () => this.owner.delete(`/v1/finance/taxes/${ids.tax}`) },
      {
        name: 'a day is closed',
        run: async () =>
          (ids.day = (await this.owner.post('/v1/finance/days/close', books)).as<{ id: string }>(200).id),
      },
      {
        name: 'a day is opened again',
        run: () => this.owner.post(`/v1/finance/days/${ids.day}/reopen`, { reason: 'A bill was forgotten' }),
      },
    ];
  }

  private ofPeople(): Act[] {
    const { owner } = this;
    return [
      { name: 'a user is added', run: async () => (this.invited = await owner.invite('manager')) },
      { name: 'a user is moved', run: () => owner.patch(`/v1/users/${this.invited.userId}`, { role: 'auditor' }) },
      {
        name: 'somebody signs out',
        run: async () => (await signInAgain(this.innkeep.anybody, owner)).post('/v1/auth/logout'),
      },
      { name: 'a user is erased', run: () => owner.post(`/v1/users/${this.invited.userId}/erasure`) },
      ...accountStory(this.innkeep, owner),
      {
        name: 'an organization is put on another plan',
        run: () => this.asOperator('plan', { plan: 'business' }),
      },
      {
        name: 'an organization is suspended',
        run: async () => {
          await this.asOperator('status', { status: 'suspended' });
          await eventually(async () => (await owner.get('/v1/auth/me')).expect(401));
        },
      },
    ];
  }

  private async asOperator(what: string, wish: object): Promise<void> {
    const path = `/v1/system/organizations/${this.owner.organizationId}/${what}`;
    (await this.operator.put(path, { ...wish, reason: 'for the story' })).expect(200);
  }
}
