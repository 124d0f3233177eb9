import { eventually } from '@innkeep/testing';
import { SharedInnkeep, type Member, type Page, type Property, signUp } from './system';
import { expectProblem } from './system/expect-problem';
import { mailTo } from './system/mailbox';

interface Task {
  readonly id: string;
  readonly status: string;
  readonly dueBy: string | null;
  readonly assigneeId: number | null;
  readonly checklist: readonly { id: string; text: string; isDone: boolean; doneBy: number | null }[];
}
interface Board {
  readonly overdue: readonly { id: string }[];
  readonly overdueCount: number;
  readonly properties: readonly {
    propertyId: number;
    open: number;
    done: number;
    overdue: number;
    unassigned: number;
  }[];
}

const innkeep = new SharedInnkeep();

describe('tasks of a property', () => {
  let owner: Member;
  let staff: Member;
  let elsewhere: Member;
  let house: Property;
  let annex: Property;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    [house, annex] = [await owner.addProperty(), await owner.addProperty({ name: 'The annex' })];
    staff = await owner.invite('staff', [house.id]);
    elsewhere = await owner.invite('staff', [annex.id]);
  });

  const hours = (from: number) => new Date(Date.now() + from * 3_600_000).toISOString();
  const make = (member: Member, particulars: object = {}) =>
    member.post('/v1/tasks', { propertyId: house.id, title: 'Get room 12 ready', ...particulars });
  const made = async (member: Member, particulars: object = {}) => (await make(member, particulars)).as<Task>(201);

  it('are given to those who look after it, and to nobody else', async () => {
    const task = await made(owner, { checklist: ['Towels', 'Windows'] });
    const auditor = await owner.invite('auditor');
    const stranger = await signUp(innkeep.anybody);
    for (const { userId } of [elsewhere, auditor, stranger]) {
      const answer = await owner.put(`/v1/tasks/${task.id}/assignee`, { assigneeId: userId });
      expectProblem(`user ${userId}`, answer, 422, 'assignee-unknown');
      expectProblem(`user ${userId}`, await make(owner, { assigneeId: userId }), 422, 'assignee-unknown');
    }
    expectProblem('staff', await staff.patch(`/v1/tasks/${task.id}`, { priority: 'low' }), 403, 'forbidden');
    // What is nobody's, anybody takes; then it is theirs to change.
    const taken = await staff.put(`/v1/tasks/${task.id}/assignee`, { assigneeId: staff.userId });
    expect(taken.as<Task>(200).assigneeId).toBe(staff.userId);
    (await staff.put(`/v1/tasks/${task.id}/status`, { status: 'blocked' })).expect(200);
    const done = await staff.put(`/v1/tasks/${task.id}/status`, { status: 'done' });
    expectProblem('blocked', done, 409, 'task-status-transition');
    expect(done.problem).toMatchObject({ from: 'blocked', allowed: ['open', 'in-progress', 'cancelled'] });
    const seen = await elsewhere.get(`/v1/tasks/${task.id}`);
    expectProblem('elsewhere', seen, 404, 'not-found');
  });

  it('have checklists that two people tick at once, and versions for who wants to be sure', async () => {
    const made = await make(owner, { assigneeId: staff.userId, checklist: ['Towels', 'Windows', 'Lamp'] });
    const { id, checklist } = made.as<Task>(201);
    const tick = (member: Member, index: number, headers?: Record<string, string>) =>
      member.send('PUT', `/v1/tasks/${id}/checklist/${checklist[index]!.id}`, { body: { isDone: true }, headers });
    await Promise.all([tick(owner, 0), tick(staff, 1)].map(async (answer) => (await answer).expect(200)));
    const stale = await tick(staff, 2, { 'if-match': made.etag });
    expectProblem('an older version', stale, 412, 'precondition-failed');
    const now = await owner.get(`/v1/tasks/${id}`);
    expect(now.as<Task>(200).checklist.map(({ doneBy }) => doneBy)).toEqual([owner.userId, staff.userId, null]);
    (await tick(staff, 2, { 'if-match': now.etag })).expect(200);
  });

  it('are listed by when they are due, page by page, for whom and until when one asks', async () => {
    const due = [5, 1, 3].map((from) => ({ propertyId: annex.id, dueAt: hours(from), assigneeId: owner.userId }));
    const later: Task[] = [];
    for (const one of due) later.push(await made(owner, one));
    const never = await made(owner, { propertyId: annex.id });
    const expected = [later[1]!.id, later[2]!.id, later[0]!.id, never.id];
    const path = `/v1/tasks?propertyId=${annex.id}&fields=id`;
    const ids = await eventually(async () => {
      const first = (await owner.get(`${path}&limit=3`)).as<Page<Task>>(200);
      const second = (await owner.get(`${path}&limit=3&cursor=${first.nextCursor}`)).as<Page<Task>>(200);
      expect(second.nextCursor).toBeNull();
      return [...first.data, ...second.data].map(({ id }) => id);
    });
    expect(ids).toEqual(expected);
    const idsOf = async (query: string) =>
      (await owner.get(`${path}&${query}`)).as<Page<Task>>(200).data.map(({ id }) => id);
    expect(await idsOf(`assigneeId=${owner.userId}&dueBefore=${hours(2)}`)).toEqual([later[1]!.id]);
    (await owner.put(`/v1/tasks/${never.id}/status`, { status: 'cancelled' })).expect(200);
    await eventually(async () => expect(await idsOf('status=cancelled')).toEqual([never.id]));
    await eventually(async () => expect(await idsOf('status=unfinished')).toEqual(expected.slice(0, 3)));
    const old = await owner.get(`/api/tasks/${never.id}`);
    expect([old.as<Task>(200).status, old.headers.get('deprecation')]).toEqual(['cancelled', expect.any(String)]);
  });

  it('are talked about', async () => {
    const { id } = await made(owner);
    const texts = ['The lamp is dark.', 'Which one?', 'On the left.'];
    for (const [index, text] of texts.entries())
      (await [staff, owner][index % 2]!.post(`/v1/tasks/${id}/comments`, { text })).expect(201);
    const first = (await owner.get(`/v1/tasks/${id}/comments?limit=2`)).as<Page<{ text: string }>>(200);
    const rest = await owner.get(`/v1/tasks/${id}/comments?limit=2&cursor=${first.nextCursor}`);
    const said = [...first.data, ...rest.as<Page<{ text: string }>>(200).data].map(({ text }) => text);
    expect(said).toEqual(texts);
  });

  it('stand on a board while they are overdue, and whoever does them is reminded', async () => {
    const mill = await owner.addProperty({ name: 'The mill' });
    const particulars = { propertyId: mill.id, assigneeId: owner.userId };
    const late = await made(owner, { ...particulars, dueAt: hours(-1) });
    await made(owner, { ...particulars, dueAt: hours(0.07), remindMinutesBefore: 10 });
    await made(owner, { propertyId: mill.id });
    const board = () => owner.get(`/v1/tasks/board?propertyId=${mill.id}`);
    const counts = { propertyId: mill.id, open: 3, done: 0, overdue: 1, unassigned: 1 };
    await eventually(async () => {
      const { overdue, overdueCount, properties } = (await board()).as<Board>(200);
      expect([overdue.map(({ id }) => id), overdueCount]).toEqual([[late.id], 1]);
      expect(properties).toEqual([expect.objectContaining(counts)]);
    });
    const user = (await owner.get('/v1/bootstrap/user')).as<{ counts: { overdueTasks: number } }>(200);
    expect(user.counts.overdueTasks).toBe(1);
    (await owner.put(`/v1/tasks/${late.id}/status`, { status: 'done' })).expect(200);
    await eventually(async () => {
      const { overdueCount, properties } = (await board()).as<Board>(200);
      expect(overdueCount).toBe(0);
      expect(properties[0]).toMatchObject({ ...counts, open: 2, done: 1, overdue: 0 });
    });
    expect((await mailTo(innkeep, owner.email, 'due soon')).text).toContain('/tasks/');
  });
});

describe('what clients begin with', () => {
  let owner: Member;
  let property: Property;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody, 'Casas do Rio');
    property = await owner.addProperty();
  });

  it('is what the organization looks like, in colours that can be read', async () => {
    const theme = await owner.get('/v1/branding/theme');
    expect(theme.as(200)).toMatchObject({ name: null, font: 'system', version: null });
    const faint = await owner.patch('/v1/branding/theme', { colors: { primary: '#FFE08A' } });
    expectProblem('too faint', faint, 422, 'contrast-too-low');
    expect(faint.problem).toMatchObject({
      pairs: [{ foreground: 'onPrimary', background: 'primary', ratio: 1.28, needed: 4.5 }],
    });
    const wish = { name: 'Casas', colors: { primary: '#FFE08A', onPrimary: '#202020' } };
    const { position } = (await owner.patch('/v1/branding/theme', wish)).expect(200);
    const changed = await owner.getAfter(position, '/v1/branding/theme');
    expect(changed.as(200)).toMatchObject({ name: 'Casas', colors: { primary: '#ffe08a' }, version: position });
    const stale = await owner.patch('/v1/branding/theme', { font: 'serif' }, { 'if-match': `"${position - 1}"` });
    expectProblem('an older version', stale, 412, 'precondition-failed');
    (await owner.patch('/v1/branding/theme', { font: 'serif' }, { 'if-match': `"${position}"` })).expect(200);
  });

  it('is the same for all who see the same, and shows them nothing else', async () => {
    const other = await owner.addProperty({ name: 'The annex' });
    const staff = await owner.invite('staff', [other.id]);
    const idsOf = async (member: Member) => {
      const { properties } = (await member.get('/v1/bootstrap/static')).as<{ properties: { id: number }[] }>(200);
      return properties.map(({ id }) => id);
    };
    await eventually(async () => expect(await idsOf(owner)).toEqual([property.id, other.id]));
    expect(await idsOf(staff)).toEqual([other.id]);
    const answer = await owner.get('/v1/bootstrap/static');
    expect(answer.as(200)).toMatchObject({
      organization: { id: owner.organizationId, name: 'Casas do Rio', plan: 'standard' },
      features: { tasks: true, finance: true, branding: true },
      words: { taskStatuses: ['open', 'in-progress', 'blocked', 'done', 'cancelled'] },
    });
    // What changes nothing in it leaves its ETag as it is.
    const { position } = await owner.record('expense', property.id);
    const later = await owner.getAfter(position, '/v1/bootstrap/static');
    expect(later.etag).toBe(answer.etag);
  });

  it('is who the user is and what waits for them, told anew only when it is another', async () => {
    const staff = await owner.invite('staff');
    const before = await staff.get('/v1/bootstrap/user');
    const { permissions, counts } = before.as<{ permissions: string[]; counts: object }>(200);
    expect(before.headers.get('cache-control')).toBe('private, no-cache');
    expect(permissions).toEqual(expect.arrayContaining(['GET /v1/tasks', 'POST /v1/tasks/{id}/comments']));
    expect(permissions).not.toContain('PUT /v1/finance/expenses/{id}/approval');
    expect(counts).toMatchObject({ tasks: 0, unassignedTasks: 0 });
    expect((await staff.get('/v1/bootstrap/user', { 'if-none-match': before.etag })).status).toBe(304);
    const body = { propertyId: property.id, title: 'Yours', assigneeId: staff.userId };
    (await owner.post('/v1/tasks', body)).expect(201);
    const after = await staff.get('/v1/bootstrap/user', { 'if-none-match': before.etag });
    expect(after.as<{ counts: object }>(200).counts).toMatchObject({ tasks: 1, overdueTasks: 0 });
  });
});
