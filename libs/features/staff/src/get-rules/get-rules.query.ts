import { type Principal, type StaffRules, maySeeProperty } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type StaffRulesView, usualRules } from '../staff-rules';

interface RulesRow {
  readonly body: StaffRulesView;
}

/** How a property keeps its hours. */
export class GetStaffRules extends Query<Snapshot<RulesRow>> {
  constructor(
    readonly principal: Principal,
    readonly propertyId: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetStaffRules)
export class GetStaffRulesHandler implements IQueryHandler<GetStaffRules> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, propertyId, minPosition }: GetStaffRules): Promise<Snapshot<RulesRow>> {
    if (!maySeeProperty(principal, propertyId)) throw notFound('property');
    const { organizationId } = principal;
    const { rows, ...freshness } = await this.reader.read<{ rules: StaffRules | null }>(
      { organizationId, minPosition, projections: ['staff_property_names'], readsState: true },
      ({ bucket }) => sql`
        select r.rules from staff.property_names n
          left join staff.property_rules r on (r.bucket, r.organization_id, r.property_id) = (n.bucket, n.organization_id, n.property_id)
        where n.bucket = ${bucket} and n.organization_id = ${organizationId} and n.property_id = ${propertyId}`,
    );
    if (!rows[0]) throw notFound('property');
    return { ...freshness, rows: [{ body: { propertyId, ...usualRules, ...rows[0].rules } }] };
  }
}
