import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { assertMaySeeOperatorActions } from '../identity.policies';
import { instant } from '../user.sql';

export const listOperatorActionsQuery = z.strictObject({
  ...pageParameters,
});

/** What an operator did. */
export const operatorAction = z
  .object({
    id: shapes.uuidId,
    operatorId: shapes.numericId,
    action: shapes.text('suspended'),
    reason: shapes.text('Three invoices are unpaid'),
    actedAt: shapes.instant,
  })
  .meta({ id: 'OperatorAction' });
export const operatorActionPage = pageOf(operatorAction);

interface ActionRow {
  readonly body: z.output<typeof operatorAction>;
}

/** What operators did to the organization, the latest first. */
export class ListOperatorActions extends Query<Snapshot<ActionRow>> {
  constructor(
    readonly principal: Principal,
    readonly before: string | null,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListOperatorActions)
export class ListOperatorActionsHandler implements IQueryHandler<ListOperatorActions> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, before, limit, minPosition }: ListOperatorActions): Promise<Snapshot<ActionRow>> {
    assertMaySeeOperatorActions(principal);
    const { organizationId } = principal;
    return this.reader.read<ActionRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select json_build_object('id', a.id, 'operatorId', a.operator_id, 'action', a.action, 'reason', a.reason,
          'actedAt', ${instant('a.acted_at')}) as body
        from identity.operator_actions a
        where a.bucket = ${bucket} and a.organization_id = ${organizationId} and (${before}::uuid is null or a.id < ${before})
        order by a.id desc limit ${limit}`,
    );
  }
}
