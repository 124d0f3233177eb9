import { type Principal, maySeeProperty } from '@innkeep/contracts';
import { Reader, type Snapshot, changedAt, sql } from '@innkeep/platform/database';
import { type ItemRow, notFound } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { TaskView } from '../task.answers';
import { taskJson } from '../task.sql';

type TaskRow = ItemRow<TaskView>;

/** One task as it is now. */
export class GetTask extends Query<Snapshot<TaskRow>> {
  constructor(
    readonly principal: Principal,
    readonly id: string,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetTask)
export class GetTaskHandler implements IQueryHandler<GetTask> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, id, minPosition }: GetTask): Promise<Snapshot<TaskRow>> {
    const { organizationId } = principal;
    const snapshot = await this.reader.read<TaskRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${taskJson} as body, t.version::float8 as version, ${changedAt('t')} as "changedAt"
        from tasks.tasks t where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.id = ${id}::uuid`,
    );
    if (!snapshot.rows[0] || !maySeeProperty(principal, snapshot.rows[0].body.propertyId)) throw notFound('task');
    return snapshot;
  }
}
