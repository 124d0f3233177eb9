import { type Principal, maySeeProperty } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { notFound, pageOf, pageParameters } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { type CommentView, commentAnswer } from '../task.answers';

export const listCommentsQuery = z.strictObject({ ...pageParameters });
export const commentPage = pageOf(commentAnswer);

interface CommentsRow {
  /** Of the task. */
  readonly propertyId: number;
  readonly data: readonly CommentView[];
}

/** What was said about a task, in the order in which it was said. */
export class ListComments extends Query<Snapshot<{ readonly body: CommentView }>> {
  constructor(
    readonly principal: Principal,
    readonly taskId: string,
    readonly after: string | null,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListComments)
export class ListCommentsHandler implements IQueryHandler<ListComments> {
  constructor(private readonly reader: Reader) {}

  async execute({
    principal,
    taskId,
    after,
    limit,
    minPosition,
  }: ListComments): Promise<Snapshot<{ readonly body: CommentView }>> {
    const { organizationId } = principal;
    // Their ids are UUIDs of version 7, which go with time.
    const { rows, ...freshness } = await this.reader.read<CommentsRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select t.property_id::float8 as "propertyId", (select coalesce(json_agg(page.body), '[]') from (
          select json_build_object('id', c.id, 'taskId', c.task_id, 'authorId', c.author_id, 'text', c.text,
            'writtenAt', to_char(c.written_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as body
          from tasks.comments c
          where c.bucket = t.bucket and c.organization_id = t.organization_id and c.task_id = t.id and (${after}::uuid is null or c.id > ${after}::uuid)
          order by c.id limit ${limit}) page) as data
        from tasks.tasks t where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.id = ${taskId}::uuid`,
    );
    if (!rows[0] || !maySeeProperty(principal, rows[0].propertyId)) throw notFound('task');
    return { ...freshness, rows: rows[0].data.map((body) => ({ body })) };
  }
}
