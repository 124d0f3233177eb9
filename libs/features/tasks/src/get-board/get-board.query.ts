import { type Principal, taskPriorities, taskStatuses } from '@innkeep/contracts';
import { Reader, type Snapshot, rawSql, sql } from '@innkeep/platform/database';
import { propertyIdParameter, shapes, wholeNumber } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { knownProperty } from '../task.sql';

export const boardQuery = z.strictObject({
  propertyId: propertyIdParameter.optional().describe('By default all properties that you see'),
  limit: wholeNumber(1, 200).default(50).describe('How many overdue tasks are listed at most'),
});

const boardTask = z.object({
  id: shapes.uuidId,
  propertyId: shapes.numericId,
  title: shapes.text('Get room 12 ready'),
  status: z.enum(taskStatuses),
  priority: z.enum(taskPriorities),
  assigneeId: shapes.numericId.nullable(),
  dueBy: shapes.instant,
});

const boardProperty = z.object({
  propertyId: shapes.numericId,
  propertyName: shapes.text('Casa do Rio'),
  open: shapes.count,
  inProgress: shapes.count,
  blocked: shapes.count,
  done: shapes.count,
  cancelled: shapes.count,
  overdue: shapes.count,
  unassigned: shapes.count,
});

/** The board: what is overdue, the longest first, and how many tasks each property has. */
export const boardAnswer = z
  .object({
    overdue: z.array(boardTask),
    overdueCount: shapes.count.describe('Also of those that are not listed'),
    properties: z.array(boardProperty),
    position: shapes.position,
    asOf: shapes.instant,
  })
  .meta({ id: 'TaskBoard' });

interface BoardRow {
  readonly overdue: readonly z.output<typeof boardTask>[];
  readonly overdueCount: number;
  readonly properties: readonly z.output<typeof boardProperty>[];
  readonly isKnown: boolean;
  /** How long until the next task is overdue; null if none will be. */
  readonly secondsLeft: number | null;
}

/** What is overdue, and how many tasks each property has, of the properties that the caller sees. */
export class GetBoard extends Query<Snapshot<BoardRow>> {
  constructor(
    readonly principal: Principal,
    readonly at: Date,
    readonly query: z.output<typeof boardQuery>,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

const taskOfBoard =
  rawSql(`json_build_object('id', u.task_id, 'propertyId', u.property_id, 'title', u.title, 'status', u.status,
  'priority', u.priority, 'assigneeId', u.assignee_id, 'dueBy', to_char(u.due_by at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`);

@QueryHandler(GetBoard)
export class GetBoardHandler implements IQueryHandler<GetBoard> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, at, query, minPosition, tags }: GetBoard): Promise<Snapshot<BoardRow>> {
    const { organizationId, properties } = principal;
    const { propertyId, limit } = query;
    const now = sql`${at.toISOString()}::timestamptz`;
    const isWanted = (row: string) => sql`
      ${propertyId === undefined ? sql`` : sql`and ${rawSql(row)}.property_id = ${propertyId}`}
      ${properties === 'all' ? sql`` : sql`and ${rawSql(row)}.property_id = any (${properties}::bigint[])`}`;
    return this.reader.read(
      {
        organizationId,
        minPosition,
        tags,
        projections: ['tasks_unfinished', 'tasks_property_counts', 'tasks_property_names'],
      },
      ({ bucket }) => sql`
        with unfinished as materialized (
          select u.*, u.due_by <= ${now} as is_overdue from tasks.unfinished_tasks u
          where u.bucket = ${bucket} and u.organization_id = ${organizationId} ${isWanted('u')}
        ),
        of_property as (
          select property_id, count(*) filter (where is_overdue) as overdue, count(*) filter (where assignee_id is null) as unassigned
          from unfinished group by property_id
        )
        select
          (select coalesce(json_agg(body order by due_by, task_id), '[]') from (
            select u.due_by, u.task_id, ${taskOfBoard} as body from unfinished u where u.is_overdue order by u.due_by, u.task_id limit ${limit}) o) as overdue,
          (select count(*)::int from unfinished where is_overdue) as "overdueCount",
          (select coalesce(json_agg(json_build_object('propertyId', n.property_id, 'propertyName', n.name, 'open', coalesce(c.open, 0),
              'inProgress', coalesce(c.in_progress, 0), 'blocked', coalesce(c.blocked, 0), 'done', coalesce(c.done, 0),
              'cancelled', coalesce(c.cancelled, 0), 'overdue', coalesce(p.overdue, 0), 'unassigned', coalesce(p.unassigned, 0))
              order by n.property_id), '[]')
            from tasks.property_names n
            left join tasks.property_counts c on (c.bucket, c.organization_id, c.property_id) = (n.bucket, n.organization_id, n.property_id)
            left join of_property p on p.property_id = n.property_id
            where n.bucket = ${bucket} and n.organization_id = ${organizationId} ${isWanted('n')}) as properties,
          ${knownProperty(bucket, organizationId, propertyId)} as "isKnown",
          (select extract(epoch from min(due_by) - ${now})::float8 from unfinished where not is_overdue) as "secondsLeft"`,
    );
  }
}
