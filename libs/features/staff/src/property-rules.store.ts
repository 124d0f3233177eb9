import type { StaffRules } from '@innkeep/contracts';
import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import { usualRules } from './staff-rules';

/** The rules by which properties keep their hours. */
@Injectable()
export class PropertyRulesStore {
  /** The rules of a property, as they are now. */
  async find(unit: OrganizationTransaction, propertyId: number): Promise<StaffRules> {
    const rows = await unit.query<{ rules: StaffRules }>(
      'select rules from staff.property_rules where bucket = $1 and organization_id = $2 and property_id = $3',
      [unit.bucket, unit.organizationId, propertyId],
    );
    return { ...usualRules, ...rows[0]?.rules };
  }

  save(unit: OrganizationTransaction, propertyId: number, rules: StaffRules): void {
    unit.write(sql`
      insert into staff.property_rules (bucket, organization_id, property_id, rules, version)
      values (${unit.bucket}, ${unit.organizationId}, ${propertyId}, ${JSON.stringify(rules)}, (select version from head))
      on conflict (bucket, organization_id, property_id) do update set rules = excluded.rules, version = excluded.version`);
  }
}
