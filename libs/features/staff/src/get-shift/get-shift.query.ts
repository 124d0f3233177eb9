import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { z } from 'zod';
import type { locatedShift } from '../staff.answers';
import { joinPeople, locatedShiftJson, seenRows } from '../staff.sql';

interface ShiftRow {
  readonly body: z.output<typeof locatedShift>;
}

/** One shift with where it was, as long as that is kept. */
export class GetShift extends Query<Snapshot<ShiftRow>> {
  constructor(
    readonly principal: Principal,
    readonly id: string,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetShift)
export class GetShiftHandler implements IQueryHandler<GetShift> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, id, minPosition }: GetShift): Promise<Snapshot<ShiftRow>> {
    const { organizationId, role, userId } = principal;
    const sight = { principal, userId: role === 'staff' ? userId : undefined };
    const snapshot = await this.reader.read<ShiftRow>(
      { organizationId, minPosition, projections: ['staff_attendance', 'staff_people'] },
      ({ bucket }) => sql`
        select ${locatedShiftJson} as body from staff.attendance t ${joinPeople}
        where ${seenRows(bucket, sight)} and t.shift_id = ${id}::uuid`,
    );
    if (!snapshot.rows[0]) throw notFound('shift');
    return snapshot;
  }
}
