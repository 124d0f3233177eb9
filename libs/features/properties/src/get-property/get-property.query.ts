import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, changedAt, sql } from '@innkeep/platform/database';
import { type ItemRow, notFound } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { assertMaySee } from '../properties.policies';
import type { Property } from '../property';

type PropertyRow = ItemRow<Property>;

/** One property as it is now. */
export class GetProperty extends Query<Snapshot<PropertyRow>> {
  constructor(
    readonly principal: Principal,
    readonly propertyId: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetProperty)
export class GetPropertyHandler implements IQueryHandler<GetProperty> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, propertyId, minPosition }: GetProperty): Promise<Snapshot<PropertyRow>> {
    assertMaySee(principal, propertyId);
    const { organizationId } = principal;
    const snapshot = await this.reader.read<PropertyRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select json_build_object('id', id, 'name', name, 'timeZone', time_zone, 'currency', currency, 'businessDayStartsAt', business_day_starts_at) as body,
          version::float8 as version, ${changedAt('p')} as "changedAt"
        from properties.properties p where bucket = ${bucket} and organization_id = ${organizationId} and id = ${propertyId}`,
    );
    if (snapshot.rows.length === 0) throw notFound('property');
    return snapshot;
  }
}
