import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { instant } from '../user.sql';

/** Whether a user signs in with a second factor. */
export const secondFactorAnswer = z.object({
  isOn: z.boolean(),
  turnedOnAt: shapes.instant.nullable(),
  recoveryCodesLeft: shapes.count,
});

interface SecondFactorRow {
  readonly body: z.output<typeof secondFactorAnswer>;
}

/** Whether the caller signs in with a second factor, and how many recovery codes are left. */
export class GetSecondFactor extends Query<Snapshot<SecondFactorRow>> {
  constructor(
    readonly principal: Principal,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetSecondFactor)
export class GetSecondFactorHandler implements IQueryHandler<GetSecondFactor> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, minPosition }: GetSecondFactor): Promise<Snapshot<SecondFactorRow>> {
    const { organizationId, userId } = principal;
    return this.reader.read<SecondFactorRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select json_build_object('isOn', f.confirmed_at is not null, 'turnedOnAt', ${instant('f.confirmed_at')},
          'recoveryCodesLeft', (select count(*) from identity.recovery_codes c
            where c.bucket = ${bucket} and c.organization_id = ${organizationId} and c.user_id = ${userId})) as body
        from (values (1)) one left join identity.second_factors f
          on f.bucket = ${bucket} and f.organization_id = ${organizationId} and f.user_id = ${userId}`,
    );
  }
}
