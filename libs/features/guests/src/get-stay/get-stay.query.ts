import { type Principal, maySeeProperty } from '@innkeep/contracts';
import { Reader, type Snapshot, changedAt, sql } from '@innkeep/platform/database';
import { type ItemRow, notFound } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { maySeeContact } from '../guests.policies';
import type { StayView } from '../stay.answers';
import { stayJson } from '../stay.sql';

type StayItemRow = ItemRow<StayView>;

/** One stay as it is now. */
export class GetStay extends Query<Snapshot<StayItemRow>> {
  constructor(
    readonly principal: Principal,
    readonly id: string,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetStay)
export class GetStayHandler implements IQueryHandler<GetStay> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, id, minPosition }: GetStay): Promise<Snapshot<StayItemRow>> {
    const { organizationId } = principal;
    const snapshot = await this.reader.read<StayItemRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${stayJson(maySeeContact(principal))} as body, s.version::float8 as version, ${changedAt('s')} as "changedAt"
        from guests.stays s
          left join guests.identities i on (i.bucket, i.organization_id, i.stay_id) = (s.bucket, s.organization_id, s.id)
        where s.bucket = ${bucket} and s.organization_id = ${organizationId} and s.id = ${id}::uuid`,
    );
    const { body } = snapshot.rows[0] ?? {};
    if (!body || !maySeeProperty(principal, body.propertyId)) throw notFound('stay');
    return snapshot;
  }
}
