import type { DemoApi } from './demo-api';
import type { DemoOrganization, DemoPerson, DemoProperty } from './demo-organizations';
import { type DemoLeave, leaveOf, shiftsOf, tasksOf } from './demo-team';
import type { Filling } from './filling';
import { Choices } from './choices';

/** Somebody who works in a demo organization, signed in. */
interface Colleague extends DemoPerson {
  readonly accessToken: string;
  readonly userId: number;
}

interface Place {
  readonly property: DemoProperty;
  readonly id: number;
}

/** Everybody may write a hundred times a minute, and is to have something left for what a newcomer tries. */
const SHIFTS = 8;
const types: Readonly<Record<DemoLeave['kind'], object>> = {
  Holiday: { isPaid: true, daysPerYear: 25, carryOverDays: 5 },
  'Sick leave': { isPaid: true },
};

/** Gives an organization what its people do: their last shifts, their leave, and tasks. Where there are tasks all of it is there. */
export async function fillTeam(
  filling: Filling,
  ownerToken: string,
  organization: DemoOrganization,
  places: readonly Place[],
): Promise<void> {
  const { api } = filling;
  const known = await api.must<{ data: unknown[] }>('GET', '/v1/tasks?limit=1', { accessToken: ownerToken });
  if (known.data.length > 0) return;
  const people = await Promise.all(organization.people.map((person) => signIn(api, person)));
  const owner = people[0]!;
  const leading = people.find(({ role }) => role === 'manager') ?? owner;
  // Owners work themselves only where there is nobody else.
  const workers = people.length > 1 ? people.slice(1) : people;
  const leaveTypes = new Map<string, string>();
  for (const [name, particulars] of Object.entries(types)) {
    const id = await ask(filling, owner, 'staff/leave-types', { name, ...particulars }, `leave-${name.split(' ')[0]}`);
    if (id) leaveTypes.set(name, id);
  }
  await Promise.all(
    workers.map((worker, index) => {
      const decider = worker === leading ? owner : leading;
      return work({ ...filling, worker, decider, leaveTypes, index }, places[index % places.length]!);
    }),
  );
  await Promise.all(places.map((place, index) => addTasks({ ...filling, leading, workers, index }, place)));
}

async function signIn(api: DemoApi, person: DemoPerson): Promise<Colleague> {
  const body = { email: person.email, password: person.password };
  const { accessToken, userId } = await api.must<Colleague>('POST', '/v1/auth/login', { body });
  return { ...person, accessToken, userId };
}

/** Asks for something that gets an id. What a run before has made already is left as it is. */
async function ask(
  { api }: Filling,
  { accessToken }: Colleague,
  path: string,
  body: object,
  name: string,
): Promise<string | undefined> {
  const answer = await api.send<{ id: string }>('POST', `/v1/${path}`, { body, accessToken, key: `demo-${name}` });
  if (answer.status === 409) return undefined;
  if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

interface Work extends Filling {
  readonly worker: Colleague;
  readonly decider: Colleague;
  readonly leaveTypes: ReadonlyMap<string, string>;
  readonly index: number;
}

/** The shifts and the leave of one person. Shifts of the past are written down afterwards, which somebody else approves. */
async function work(working: Work, { property, id: propertyId }: Place): Promise<void> {
  const { api, now, seed, worker, decider, leaveTypes, index } = working;
  const choices = new Choices(seed + 1_000 + index);
  const approve = (path: string, id: string) =>
    api.must('PUT', `/v1/staff/${path}/${id}/approval`, {
      body: { decision: 'approved' },
      accessToken: decider.accessToken,
      key: `demo-approved-${id}`,
    });
  for (const [n, shift] of shiftsOf(choices, now, property.morningHour, SHIFTS).entries()) {
    const body = { propertyId, ...shift, reason: 'From the list at the desk' };
    const id = await ask(working, worker, 'staff/corrections', body, `shift-${worker.userId}-${n}`);
    // The latest is still to be looked at.
    if (id && n < SHIFTS - 1) await approve('corrections', id);
  }
  for (const [n, { kind, isApproved, ...span }] of leaveOf(choices, now).entries()) {
    const leaveTypeId = leaveTypes.get(kind);
    if (!leaveTypeId) continue;
    const body = { propertyId, leaveTypeId, ...span };
    const id = await ask(working, worker, 'staff/leave-requests', body, `leave-${worker.userId}-${n}`);
    if (id && isApproved) await approve('leave-requests', id);
  }
}

interface TaskMaking extends Filling {
  readonly leading: Colleague;
  readonly workers: readonly Colleague[];
  readonly index: number;
}

async function addTasks(making: TaskMaking, { id: propertyId }: Place): Promise<void> {
  const { api, now, seed, leading, workers, index } = making;
  const { accessToken } = leading;
  const tasks = tasksOf(new Choices(seed + 2_000 + index), now, workers.length);
  for (const [n, { status, assignee, ...task }] of tasks.entries()) {
    const assigneeId = assignee === undefined ? undefined : workers[assignee]!.userId;
    const name = `task-${propertyId}-${n}`;
    const id = await ask(making, leading, 'tasks', { propertyId, ...task, assigneeId }, name);
    if (!id || status === 'open') continue;
    await api.must('PUT', `/v1/tasks/${id}/status`, { body: { status }, accessToken, key: `demo-${name}-${status}` });
  }
}
