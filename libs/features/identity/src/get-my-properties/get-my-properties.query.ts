import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { notFound, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { scopeOfUser } from '../user.sql';

/** Which properties somebody looks after. */
export const myPropertiesAnswer = z.object({ properties: shapes.propertyScope });

interface AssignmentRow {
  readonly body: z.output<typeof myPropertiesAnswer>;
}

/** Which properties the caller looks after. What they are called is for the list of properties to say, which shows the same ones. */
export class GetMyProperties extends Query<Snapshot<AssignmentRow>> {
  constructor(
    readonly principal: Principal,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetMyProperties)
export class GetMyPropertiesHandler implements IQueryHandler<GetMyProperties> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, minPosition }: GetMyProperties): Promise<Snapshot<AssignmentRow>> {
    const { organizationId, userId } = principal;
    const snapshot = await this.reader.read<AssignmentRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select json_build_object('properties', ${scopeOfUser}) as body from identity.users u
        where u.bucket = ${bucket} and u.organization_id = ${organizationId} and u.id = ${userId}`,
    );
    if (snapshot.rows.length === 0) throw notFound('user');
    return snapshot;
  }
}
