import {
  type RecordedEvent,
  TaskAssigned,
  TaskChanged,
  TaskCreated,
  type TaskSnapshot,
  TaskStatusChanged,
  taskStatuses,
} from '@innkeep/contracts';
import { rawSql } from '@innkeep/platform/database';
import { type Projection, foldOf } from '@innkeep/platform/events';
import { type Happening, ProjectionsUnderTest, logArbitraries, logOf, printedSeed, sorted } from '@innkeep/testing';
import fc from 'fast-check';
import { propertyCounts } from './property-counts/property-counts.projection';
import { tasks } from './tasks.feature';
import { unfinishedTasks } from './unfinished-tasks/unfinished-tasks.projection';

const { organizationIndex, cuts } = logArbitraries(fc);
const runs = { numRuns: 15, seed: printedSeed('projections of tasks') };

/** Something that happens to one of a few tasks: the first thing makes it. */
const attempt = fc.record({
  organization: organizationIndex,
  task: fc.nat(4),
  type: fc.constantFrom(TaskChanged, TaskAssigned, TaskStatusChanged),
  status: fc.constantFrom(...taskStatuses),
  title: fc.constantFrom('Get it ready', 'Лампа', '🕯'),
  assigneeId: fc.constantFrom(null, 7),
  dueBy: fc.constantFrom(null, '2026-03-10T22:29:59.000Z'),
});
type Attempt = typeof attempt extends fc.Arbitrary<infer A> ? A : never;

function lives(attempts: readonly Attempt[]): Happening[] {
  const snapshots = new Map<string, TaskSnapshot>();
  return attempts.map(({ organization, task, type, status, ...particulars }): Happening => {
    const taskId = `0198c5e2-7d3a-7c1e-9a55-0000000${organization}000${task}`;
    const before = snapshots.get(taskId);
    const rest = { taskId, propertyId: 1 + (task % 3), priority: 'normal', dueOn: null, seriesId: null } as const;
    const none = { occurrence: null, itemCount: 0, itemsDone: 0 };
    const isMoved = !before || type === TaskStatusChanged;
    const data: TaskSnapshot = { ...rest, ...none, ...particulars, status: isMoved ? status : before.status };
    snapshots.set(taskId, data);
    if (!before) return { organization, type: TaskCreated, data };
    const more = type === TaskStatusChanged ? { previousStatus: before.status } : {};
    return { organization, type, data: { ...data, ...more } };
  });
}

const lastOf = (log: readonly RecordedEvent[]) => [
  ...new Map(
    (log as RecordedEvent<string, TaskSnapshot>[]).map((event) => [event.organizationId + event.data.taskId, event]),
  ).values(),
];

const unfinishedRows = (log: readonly RecordedEvent[]): object[] =>
  lastOf(log).flatMap(({ bucket, organizationId, version, data }) =>
    ['done', 'cancelled'].includes(data.status)
      ? []
      : [
          {
            ...{ bucket, organization_id: organizationId, version, task_id: data.taskId, property_id: data.propertyId },
            ...{ title: data.title, status: data.status, priority: data.priority, assignee_id: data.assigneeId },
            due_by: data.dueBy,
          },
        ],
  );

function countRows(log: readonly RecordedEvent[]): object[] {
  const rows = new Map<string, Record<string, number>>();
  for (const { bucket, organizationId, data } of lastOf(log)) {
    const key = `${organizationId} ${data.propertyId}`;
    const none = Object.fromEntries(taskStatuses.map((status) => [status.replaceAll('-', '_'), 0]));
    const row = rows.get(key) ?? { bucket, organization_id: organizationId, property_id: data.propertyId, ...none };
    row[data.status.replaceAll('-', '_')]!++;
    rows.set(key, row);
  }
  return [...rows.values()];
}

describe('the projections of tasks', () => {
  let under: ProjectionsUnderTest<Projection>;
  beforeAll(async () => {
    under = await ProjectionsUnderTest.open(foldOf);
  });
  afterAll(() => under.close());

  it('hold what is not finished, and how many are in which status, whatever the batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(attempt, { maxLength: 60, size: 'max' }), cuts, async (attempts, batches) => {
        const log = logOf(lives(attempts));
        const unfinished = (await under.rowsAfter(unfinishedTasks, log, batches)) as { due_by: string | null }[];
        const withInstants = unfinished.map((row) => ({
          ...row,
          due_by: row.due_by && new Date(row.due_by).toISOString(),
        }));
        expect(sorted(withInstants)).toEqual(sorted(unfinishedRows(log)));
        expect(sorted(await under.rowsAfter(propertyCounts, log, batches))).toEqual(sorted(countRows(log)));
      }),
      runs,
    );
  });

  it.each(tasks.projections!)('$name folds into the table it is given and no other', ({ fold, table }) => {
    const { text } = fold(rawSql('batch'), rawSql('built.beside')).compile();
    expect(text).toContain('built.beside');
    expect(text).not.toContain(table);
  });
});
