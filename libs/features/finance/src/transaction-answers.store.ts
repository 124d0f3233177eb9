import {
  type ApprovedTransaction,
  type CategorySum,
  type DaySum,
  type PropertyScope,
  type Sql,
  TransactionPort,
} from '@innkeep/contracts';
import { Injectable } from '@nestjs/common';

const approvedOfProperties = `finance.transactions
  where bucket = $1 and organization_id = $2 and property_id = any ($3::bigint[]) and business_on between $4::date and $5::date
    and status = 'approved' and deleted_at is null`;

/** What other features may ask about transactions, inside their own snapshot. */
@Injectable()
export class TransactionAnswers extends TransactionPort {
  async countPending(port: Sql, properties: PropertyScope): Promise<number> {
    const [row] = await port.query<{ pending: number }>(
      `select count(*)::int as pending from finance.transactions
       where bucket = $1 and organization_id = $2 and status = 'pending' and deleted_at is null
         and ($3::bigint[] is null or property_id = any ($3))`,
      [port.bucket, port.organizationId, properties === 'all' ? null : properties],
    );
    return row!.pending;
  }

  approvedSums(port: Sql, propertyIds: readonly number[], from: string, to: string): Promise<readonly DaySum[]> {
    return port.query<DaySum>(
      `select property_id::float8 as "propertyId", business_on::text as "businessDay", currency,
         coalesce(sum(amount_cents) filter (where kind = 'revenue'), 0)::text as "receivedCents",
         coalesce(sum(amount_cents) filter (where kind = 'expense'), 0)::text as "expensesCents", count(*)::int as "transactionCount"
       from ${approvedOfProperties} group by property_id, business_on, currency`,
      [port.bucket, port.organizationId, propertyIds, from, to],
    );
  }

  approvedCategories(port: Sql, propertyId: number, from: string, to: string): Promise<readonly CategorySum[]> {
    return port.query<CategorySum>(
      `select to_char(business_on, 'YYYY-MM') as month, kind, category, currency, sum(amount_cents)::text as "amountCents",
         count(*)::int as "transactionCount"
       from ${approvedOfProperties} group by 1, 2, 3, 4`,
      [port.bucket, port.organizationId, [propertyId], from, to],
    );
  }

  approved(port: Sql, propertyId: number, from: string, to: string): Promise<readonly ApprovedTransaction[]> {
    return port.query<ApprovedTransaction>(
      `select id, kind, amount_cents::text as "amountCents", currency, description, category, payment_mode as "paymentMode",
         to_json(occurred_at) #>> '{}' as "occurredAt", business_on::text as "businessDay", reversal_of as "reversalOf"
       from ${approvedOfProperties}`,
      [port.bucket, port.organizationId, [propertyId], from, to],
    );
  }
}
