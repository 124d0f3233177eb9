import type { Choices } from './choices';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A shift that somebody worked, as it is written down afterwards. */
export interface DemoShift {
  readonly startedAt: string;
  readonly endedAt: string;
}

export interface DemoLeave {
  readonly kind: 'Holiday' | 'Sick leave';
  readonly from: string;
  readonly to: string;
  readonly endsAtNoon: boolean;
  /** Whether somebody has approved it; else it still waits. */
  readonly isApproved: boolean;
}

export interface DemoTask {
  readonly title: string;
  readonly priority: 'low' | 'normal' | 'high';
  readonly dueOn: string;
  readonly checklist: readonly string[];
  readonly recurrence?: { readonly every: 'week' | 'month' };
  /** What has become of it by now. */
  readonly status: 'open' | 'in-progress' | 'blocked' | 'done';
  /** By whom of the people of the property it is to be done, by number; nobody's yet if undefined. */
  readonly assignee: number | undefined;
}

const dayText = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The last shifts of somebody, the latest yesterday at most. */
export function shiftsOf(choices: Choices, now: Date, morningHour: number, count: number): DemoShift[] {
  const shifts: DemoShift[] = [];
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  for (let day = today - DAY_MS; shifts.length < count; day -= DAY_MS) {
    // Five days of seven.
    if (!choices.happens(5 / 7)) continue;
    const began = day + morningHour * HOUR_MS + choices.between(-12, 25) * 60_000;
    const ended = began + choices.between(7 * 60 + 30, 8 * 60 + 50) * 60_000;
    shifts.unshift({ startedAt: new Date(began).toISOString(), endedAt: new Date(ended).toISOString() });
  }
  return shifts;
}

/** The leave of somebody who came this year: what was taken of it, and what is asked for. */
export function leaveOf(choices: Choices, now: Date): DemoLeave[] {
  const span = (kind: DemoLeave['kind'], inDays: number, days: number): DemoLeave => ({
    ...{ kind, isApproved: inDays < 0, endsAtNoon: choices.happens(0.3) },
    from: dayText(now.getTime() + inDays * DAY_MS),
    to: dayText(now.getTime() + (inDays + days - 1) * DAY_MS),
  });
  const year = String(now.getUTCFullYear());
  return [
    span('Holiday', -choices.between(45, 90), choices.between(4, 8)),
    span('Sick leave', -choices.between(18, 30), choices.between(1, 3)),
    span('Holiday', choices.between(12, 30), choices.between(3, 7)),
  ].filter(({ from, to }) => from >= year && from.slice(0, 4) === to.slice(0, 4));
}

type Chore = Pick<DemoTask, 'title' | 'priority' | 'status'> & {
  readonly inDays: number;
  readonly checklist?: readonly string[];
  readonly every?: 'week' | 'month';
};

const chores: readonly Chore[] = [
  { title: 'Deep clean of the kitchen', priority: 'normal', status: 'done', inDays: -6 },
  { title: 'Service the boiler', priority: 'high', status: 'blocked', inDays: -3 },
  { title: 'Repair the dripping tap', priority: 'normal', status: 'done', inDays: -1 },
  {
    ...{ title: 'Order breakfast supplies', priority: 'normal', status: 'in-progress', inDays: 0 },
    checklist: ['Coffee', 'Jam', 'Napkins'],
  },
  {
    ...{ title: 'Get the rooms of the arrivals ready', priority: 'high', status: 'open', inDays: 0 },
    checklist: ['Linen', 'Towels', 'Welcome card'],
  },
  { title: 'Wash the curtains of the lounge', priority: 'low', status: 'open', inDays: 5 },
  { title: 'Test the smoke detectors', priority: 'high', status: 'open', inDays: 9, every: 'month' },
  { title: 'Photograph the rooms for the portals', priority: 'low', status: 'open', inDays: 14 },
];

/** What is to be done in a property whose people are so many, and what was. */
export function tasksOf(choices: Choices, now: Date, people: number): DemoTask[] {
  return chores.map(({ inDays, checklist = [], every, ...chore }) => ({
    ...chore,
    ...{ checklist, dueOn: dayText(now.getTime() + inDays * DAY_MS), recurrence: every && { every } },
    // What has been begun is somebody's.
    assignee: chore.status === 'open' && choices.happens(0.4) ? undefined : choices.between(0, people - 1),
  }));
}
