import { type Principal, taskStatuses } from '@innkeep/contracts';
import { Reader, type Snapshot, rawSql, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters, propertyIdParameter, wholeNumber } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { listedTask } from '../task.answers';
import { isUnfinished, knownProperty, listedTaskJson } from '../task.sql';

export const listTasksQuery = z.strictObject({
  propertyId: propertyIdParameter.optional().describe('By default all properties that you see'),
  assigneeId: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional().describe('Whose they are'),
  status: z
    .enum([...taskStatuses, 'unfinished'])
    .optional()
    .describe('By default any; `unfinished` is what is neither done nor cancelled'),
  dueBefore: z.iso.datetime({ offset: true }).optional().describe('Only what is due before this moment'),
  ...pageParameters,
});
export type TaskFilter = z.output<typeof listTasksQuery>;

export const taskPage = pageOf(listedTask);

interface TaskPage {
  readonly data: readonly z.output<typeof listedTask>[];
  /** Where the next page begins; null on the last. */
  readonly next: readonly [sortAt: string, id: string] | null;
  /** Whether the property asked for is one of the organization's. */
  readonly isKnown: boolean;
}

/** The tasks that the caller may see, what is due first before the others, and at the end what is due at no time. */
export class ListTasks extends Query<Snapshot<TaskPage>> {
  constructor(
    readonly principal: Principal,
    readonly filter: TaskFilter,
    readonly after: readonly [sortAt: string, id: string] | undefined,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

const isIn = (status: TaskFilter['status']) => {
  if (status === undefined) return rawSql('true');
  return status === 'unfinished' ? isUnfinished : sql`t.status = ${status}`;
};

@QueryHandler(ListTasks)
export class ListTasksHandler implements IQueryHandler<ListTasks> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, filter, after, minPosition, tags }: ListTasks): Promise<Snapshot<TaskPage>> {
    const { organizationId, properties } = principal;
    const { propertyId, assigneeId, status, dueBefore, limit } = filter;
    return this.reader.read(
      { organizationId, minPosition, tags, projections: ['tasks_property_names'], readsState: true },
      ({ bucket }) => sql`
        with page as (
          select t.sort_at, t.id, row_number() over (order by t.sort_at, t.id) as n, ${listedTaskJson} as body
          from tasks.tasks t
          where t.bucket = ${bucket} and t.organization_id = ${organizationId} and ${isIn(status)}
            ${propertyId === undefined ? sql`` : sql`and t.property_id = ${propertyId}`}
            ${properties === 'all' ? sql`` : sql`and t.property_id = any (${properties}::bigint[])`}
            ${assigneeId === undefined ? sql`` : sql`and t.assignee_id = ${assigneeId}`}
            ${dueBefore === undefined ? sql`` : sql`and t.sort_at < ${dueBefore}::timestamptz`}
            ${after === undefined ? sql`` : sql`and (t.sort_at, t.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`}
          order by t.sort_at, t.id limit ${limit + 1}
        )
        select (select coalesce(json_agg(body order by n) filter (where n <= ${limit}), '[]') from page) as data,
          (select json_build_array(sort_at, id) from page where n = ${limit} and (select count(*) from page) > ${limit}) as next,
          ${knownProperty(bucket, organizationId, propertyId)} as "isKnown"`,
    );
  }
}
