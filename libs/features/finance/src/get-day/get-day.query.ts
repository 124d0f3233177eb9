import { type Principal, maySeeProperty } from '@innkeep/contracts';
import { Reader, type Snapshot, changedAt, sql } from '@innkeep/platform/database';
import { type ItemRow, notFound } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Day } from '../day';
import { dayJson } from '../day.store';

/** One day that was closed. */
export class GetDay extends Query<Snapshot<ItemRow<Day>>> {
  constructor(
    readonly principal: Principal,
    readonly id: string,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetDay)
export class GetDayHandler implements IQueryHandler<GetDay> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, id, minPosition }: GetDay): Promise<Snapshot<ItemRow<Day>>> {
    const { organizationId } = principal;
    const snapshot = await this.reader.read<ItemRow<Day>>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${dayJson} as body, d.version::float8 as version, ${changedAt('d')} as "changedAt" from finance.days d
        where d.bucket = ${bucket} and d.organization_id = ${organizationId} and d.id = ${id}::uuid`,
    );
    if (!snapshot.rows[0] || !maySeeProperty(principal, snapshot.rows[0].body.propertyId))
      throw notFound('business day');
    return snapshot;
  }
}
