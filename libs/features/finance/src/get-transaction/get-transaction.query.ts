import { type Principal, maySeeProperty } from '@innkeep/contracts';
import { Reader, type Snapshot, changedAt, sql } from '@innkeep/platform/database';
import { type ItemRow, notFound } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { TransactionKind } from '../transaction';
import type { TransactionView } from '../transaction.answers';
import { transactionJson } from '../transaction.sql';

type TransactionItemRow = ItemRow<TransactionView>;

/** One transaction as it is now. */
export class GetTransaction extends Query<Snapshot<TransactionItemRow>> {
  constructor(
    readonly principal: Principal,
    readonly kind: TransactionKind,
    readonly id: string,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetTransaction)
export class GetTransactionHandler implements IQueryHandler<GetTransaction> {
  constructor(private readonly reader: Reader) {}

  async execute({ principal, kind, id, minPosition }: GetTransaction): Promise<Snapshot<TransactionItemRow>> {
    const { organizationId } = principal;
    const snapshot = await this.reader.read<TransactionItemRow>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${transactionJson} as body, t.version::float8 as version, ${changedAt('t')} as "changedAt"
        from finance.transactions t
        where t.bucket = ${bucket} and t.organization_id = ${organizationId} and t.id = ${id}::uuid and t.kind = ${kind} and t.deleted_at is null`,
    );
    if (!snapshot.rows[0] || !maySeeProperty(principal, snapshot.rows[0].body.propertyId))
      throw notFound('transaction');
    return snapshot;
  }
}
