import { pageOf, pageParameters } from '@innkeep/platform/http';
import type { Principal, Tag } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { type Property, propertyAnswer } from '../property';

export const listPropertiesQuery = z.strictObject({
  ...pageParameters,
});

export const propertyPage = pageOf(propertyAnswer);

interface PropertyRow {
  readonly body: Property;
}

/** The properties that the caller may see, by id. */
export class ListProperties extends Query<Snapshot<PropertyRow>> {
  constructor(
    readonly principal: Principal,
    readonly after: number,
    readonly limit: number,
    readonly minPosition: number,
    readonly tags: readonly Tag[],
  ) {
    super();
  }
}

@QueryHandler(ListProperties)
export class ListPropertiesHandler implements IQueryHandler<ListProperties> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, after, limit, minPosition, tags }: ListProperties): Promise<Snapshot<PropertyRow>> {
    const { organizationId, properties } = principal;
    return this.reader.read<PropertyRow>(
      { organizationId, minPosition, tags },
      ({ bucket }) => sql`
        select json_build_object('id', id, 'name', name, 'timeZone', time_zone, 'currency', currency, 'businessDayStartsAt', business_day_starts_at) as body
        from properties.properties
        where bucket = ${bucket} and organization_id = ${organizationId} and id > ${after}
          and (${properties === 'all'}::boolean or id = any (${properties === 'all' ? [] : properties}::bigint[]))
        order by id limit ${limit}`,
    );
  }
}
