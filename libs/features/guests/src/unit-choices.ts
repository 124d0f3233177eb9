import { UnitPort } from '@innkeep/contracts';
import type { OrganizationTransaction } from '@innkeep/platform/database';
import { Inject, Injectable } from '@nestjs/common';
import type { Stay } from './stay';
import { assertUnitsFit, concernsUnits } from './unit-choice';

/** Asks the properties about the units that parties are given. */
@Injectable()
export class UnitChoices {
  constructor(@Inject(UnitPort) private readonly units: UnitPort) {}

  /** Refuses what the units cannot take: parties that are too large, days on which they cannot be given, units that are none. */
  async assertFit(unit: OrganizationTransaction, stays: readonly Stay[]): Promise<void> {
    const asked = [...new Set(stays.flatMap(({ unitIds }) => unitIds))];
    if (asked.length === 0) return;
    const units = await this.units.find(unit, asked);
    for (const stay of stays) assertUnitsFit(stay, units);
  }

  /** The same after a change, as far as it is about the units. */
  async assertStillFit(unit: OrganizationTransaction, before: Stay, after: Stay): Promise<void> {
    if (concernsUnits(before, after)) await this.assertFit(unit, [after]);
  }
}
