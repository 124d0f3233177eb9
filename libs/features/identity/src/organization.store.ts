import { type OrganizationTransaction, rawSql, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';

export const organizationStatuses = ['active', 'suspended', 'closed', 'deleted'] as const;
export type OrganizationStatus = (typeof organizationStatuses)[number];

/** What an operator did, and why. */
export interface OperatorAction {
  readonly operatorId: number;
  readonly action: string;
  readonly reason: string;
}

/** Whether anybody gets into the organization, and what operators did to it. */
@Injectable()
export class OrganizationStore {
  /** The organization's status, locked to the end of the transaction: nobody joins or leaves meanwhile. */
  async loadStatus(transaction: OrganizationTransaction): Promise<OrganizationStatus | undefined> {
    const { bucket, organizationId } = transaction;
    const [row] = await transaction.query<{ status: OrganizationStatus }>(sql`
      select status from identity.organizations
      where bucket = ${bucket} and organization_id = ${organizationId} for no key update`);
    return row?.status;
  }

  saveStatus(transaction: OrganizationTransaction, status: OrganizationStatus): void {
    const { bucket, organizationId } = transaction;
    transaction.write(sql`
      update identity.organizations set status = ${status}, closed_at = ${status === 'closed' ? sql`now()` : sql`null`},
        version = (select version from head)
      where bucket = ${bucket} and organization_id = ${organizationId}`);
  }

  /**
   * Ends all access tokens within seconds, and what API processes remember of keys. Sessions and keys themselves stay: they work again
   * when the organization does. To be called with the status locked.
   */
  shutOut(transaction: OrganizationTransaction): void {
    const { bucket, organizationId } = transaction;
    const isHere = sql`bucket = ${bucket} and organization_id = ${organizationId}`;
    // All parts of the last statement see the rows as they were before it, so the epoch that is written is counted up twice.
    for (const [table, actor] of [
      ['identity.users', 'id'],
      ['identity.api_keys', 'actor_id'],
    ] as const) {
      transaction.write(sql`update ${rawSql(table)} set permission_epoch = permission_epoch + 1 where ${isHere}`);
      transaction.write(sql`
        insert into http.revocations (bucket, organization_id, user_id, permission_epoch)
        select bucket, organization_id, ${rawSql(actor)}, permission_epoch + 1 from ${rawSql(table)} where ${isHere}`);
    }
  }

  /** Who owns the organization and can sign in. */
  async owners(transaction: OrganizationTransaction): Promise<readonly number[]> {
    const { bucket, organizationId } = transaction;
    const rows = await transaction.query<{ id: string }>(sql`
      select id from identity.users
      where bucket = ${bucket} and organization_id = ${organizationId} and role = 'owner' and status = 'active' order by id`);
    return rows.map(({ id }) => Number(id));
  }

  /** Keeps what an operator did, for the organization's owners and for whoever looks into it later. */
  note(transaction: OrganizationTransaction, { operatorId, action, reason }: OperatorAction, id: string): void {
    const { bucket, organizationId } = transaction;
    transaction.write(sql`
      insert into identity.operator_actions (bucket, organization_id, id, operator_id, action, reason)
      values (${bucket}, ${organizationId}, ${id}, ${operatorId}, ${action}, ${reason})`);
  }
}
