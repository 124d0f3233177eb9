import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { leaveTypeJson } from '../leave-type.sql';
import { type LeaveTypeView, leaveTypeAnswer } from '../staff.answers';

export const listLeaveTypesQuery = z.strictObject({ ...pageParameters });
export const leaveTypePage = pageOf(leaveTypeAnswer);

interface TypeRow {
  readonly body: LeaveTypeView;
}

/** The kinds of leave in the order in which they were defined, retired ones too: what was taken refers to them. */
export class ListLeaveTypes extends Query<Snapshot<TypeRow>> {
  constructor(
    readonly principal: Principal,
    readonly after: string | undefined,
    readonly limit: number,
    readonly minPosition: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(ListLeaveTypes)
export class ListLeaveTypesHandler implements IQueryHandler<ListLeaveTypes> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, after, limit, minPosition, tags }: ListLeaveTypes): Promise<Snapshot<TypeRow>> {
    const { organizationId } = principal;
    return this.reader.read<TypeRow>(
      { organizationId, minPosition, tags },
      ({ bucket }) => sql`
        select ${leaveTypeJson} as body from staff.leave_types t
        where t.bucket = ${bucket} and t.organization_id = ${organizationId} ${after === undefined ? sql`` : sql`and t.id > ${after}::uuid`}
        order by t.id limit ${limit}`,
    );
  }
}
