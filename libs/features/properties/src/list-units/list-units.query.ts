import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { assertMaySee } from '../properties.policies';
import { unitAnswer } from '../unit';
import { unitJson } from '../unit.sql';

export const listUnitsQuery = z.strictObject(pageParameters);

/** A unit in a list: its entries have no ETag. */
const listedUnit = unitAnswer.extend({ version: z.int().min(1).meta({ example: 42 }) }).meta({ id: 'ListedUnit' });
export const unitPage = pageOf(listedUnit);

interface UnitsRow {
  readonly units: { readonly body: z.output<typeof listedUnit> }[];
}

/** The units of a property, in the order in which they were added. No row: the property is not one of the organization's. */
export class ListUnits extends Query<Snapshot<UnitsRow>> {
  constructor(
    readonly principal: Principal,
    readonly propertyId: number,
    readonly after: string | undefined,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListUnits)
export class ListUnitsHandler implements IQueryHandler<ListUnits> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, propertyId, after, limit, minPosition }: ListUnits): Promise<Snapshot<UnitsRow>> {
    assertMaySee(principal, propertyId);
    const { organizationId } = principal;
    return this.reader.read<UnitsRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select (select coalesce(json_agg(page), '[]') from (
          select (${unitJson}::jsonb || jsonb_build_object('version', u.version)) as body from properties.units u
          where u.bucket = ${bucket} and u.organization_id = ${organizationId} and u.property_id = ${propertyId}
            and (${after ?? null}::uuid is null or u.id > ${after ?? null}::uuid)
          order by u.id limit ${limit}) page) as units
        from properties.properties where bucket = ${bucket} and organization_id = ${organizationId} and id = ${propertyId}`,
    );
  }
}
