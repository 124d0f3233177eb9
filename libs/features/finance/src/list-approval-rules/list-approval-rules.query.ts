import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, rawSql, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { approvalRuleAnswer } from '../finance-rules.answers';

export const listApprovalRulesQuery = z.strictObject({ ...pageParameters });
export const approvalRulePage = pageOf(approvalRuleAnswer);

interface Row {
  readonly body: z.output<typeof approvalRuleAnswer>;
}

const json =
  rawSql(`json_build_object('id', r.id, 'propertyId', r.property_id, 'kind', r.kind, 'currency', r.currency, 'fromCents', r.from_cents,
  'toCents', r.to_cents, 'roles', r.roles, 'forbidsOwn', r.forbids_own, 
  'timeout', case when r.timeout_hours is not null then json_build_object('hours', r.timeout_hours, 'action', r.on_timeout) end)`);

/** The rules of approval that the organization has laid down, in the order in which they were added. */
export class ListApprovalRules extends Query<Snapshot<Row>> {
  constructor(
    readonly principal: Principal,
    readonly after: string | null,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListApprovalRules)
export class ListApprovalRulesHandler implements IQueryHandler<ListApprovalRules> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, after, limit, minPosition }: ListApprovalRules): Promise<Snapshot<Row>> {
    const { organizationId } = principal;
    return this.reader.read<Row>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${json} as body from finance.approval_rules r
        where r.bucket = ${bucket} and r.organization_id = ${organizationId} and r.removed_at is null and (${after}::uuid is null or r.id > ${after})
        order by r.id limit ${limit}`,
    );
  }
}
