import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, changedAt, sql } from '@innkeep/platform/database';
import { type ItemRow, notFound } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { leaveTypeJson } from '../leave-type.sql';
import type { LeaveTypeView } from '../staff.answers';

/** One kind of leave as it is now. */
export class GetLeaveType extends Query<Snapshot<ItemRow<LeaveTypeView>>> {
  constructor(
    readonly principal: Principal,
    readonly id: string,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetLeaveType)
export class GetLeaveTypeHandler implements IQueryHandler<GetLeaveType> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, id, minPosition }: GetLeaveType): Promise<Snapshot<ItemRow<LeaveTypeView>>> {
    const { organizationId } = principal;
    const snapshot = await this.reader.read<ItemRow<LeaveTypeView>>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${leaveTypeJson} as body, t.version::float8 as version, ${changedAt('t')} as "changedAt" from staff.leave_types t
        where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.id = ${id}::uuid`,
    );
    if (!snapshot.rows[0]) throw notFound('leave');
    return snapshot;
  }
}
