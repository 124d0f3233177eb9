import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, rawSql, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { taxRuleAnswer } from '../finance-rules.answers';

export const listTaxesQuery = z.strictObject({ ...pageParameters });
export const taxPage = pageOf(taxRuleAnswer);

interface Row {
  readonly body: z.output<typeof taxRuleAnswer>;
}

const json =
  rawSql(`json_build_object('id', r.id, 'name', r.name, 'propertyId', r.property_id, 'kind', r.kind, 'category', r.category,
  'rateBasisPoints', r.rate_basis_points, 'isInclusive', r.is_inclusive, 'effectiveFrom', r.effective_on)`);

/** The taxes that the organization has laid down, in the order in which they were added. */
export class ListTaxes extends Query<Snapshot<Row>> {
  constructor(
    readonly principal: Principal,
    readonly after: string | null,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListTaxes)
export class ListTaxesHandler implements IQueryHandler<ListTaxes> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, after, limit, minPosition }: ListTaxes): Promise<Snapshot<Row>> {
    const { organizationId } = principal;
    return this.reader.read<Row>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${json} as body from finance.taxes r
        where r.bucket = ${bucket} and r.organization_id = ${organizationId} and r.removed_at is null and (${after}::uuid is null or r.id > ${after})
        order by r.id limit ${limit}`,
    );
  }
}
