import { PropertyPort, type PropertyFacts } from '@innkeep/contracts';
import {
  type CommandContext,
  type Committed,
  type OrganizationTransaction,
  UnitOfWork,
} from '@innkeep/platform/database';
import { Inject, Injectable } from '@nestjs/common';
import { assertMaySee, assertVersion, propertyFor } from './guests.policies';
import { stayConstraints } from './guests.problems';
import type { Stay } from './stay';
import type { StayView } from './stay.answers';
import { StayStore } from './stay.store';

/** A stay under a lock, and what is needed to decide about it. */
export interface LoadedStay {
  readonly unit: OrganizationTransaction;
  readonly stay: Stay;
  readonly property: PropertyFacts;
  readonly now: Date;
}

/** What every change of a stay begins with: the stay under a lock, whether the caller may see it, and whether it is as they read it. */
@Injectable()
export class StayChange {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(PropertyPort) private readonly properties: PropertyPort,
    @Inject(StayStore) private readonly stays: StayStore,
  ) {}

  run(
    context: CommandContext,
    id: string,
    ifVersion: number | undefined,
    change: (loaded: LoadedStay) => Promise<StayView>,
  ): Promise<Committed<StayView>> {
    return this.unitOfWork.run(
      context,
      async (unit) => {
        const loaded = await this.stays.load(unit, id);
        assertMaySee(context.principal, loaded?.stay);
        assertVersion(loaded!.version, ifVersion);
        const { stay } = loaded!;
        const property = propertyFor(
          context.principal,
          await this.properties.find(unit, [stay.propertyId]),
          stay.propertyId,
        );
        return change({ unit, stay, property, now: new Date() });
      },
      { constraints: stayConstraints },
    );
  }
}
