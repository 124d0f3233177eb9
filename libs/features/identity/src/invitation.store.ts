import { Directory, type OrganizationTransaction, Reader, type Sql, sql } from '@innkeep/platform/database';
import { Injectable } from '@nestjs/common';
import type { Invitation } from './invitation';
import type { OrganizationToken } from './organization-token';

interface InvitationRow extends Omit<Invitation, 'propertyIds'> {
  propertyIds: number[] | null;
  isOrganizationActive: boolean;
  now: Date;
}

/** An invitation and the time at the database when it was read. */
export interface FoundInvitation {
  readonly invitation?: Invitation;
  /** Whether anybody gets into the organization that it invites to. */
  readonly isOrganizationActive: boolean;
  readonly now: Date;
}

const byHash = (bucket: number, { organizationId, hash }: OrganizationToken): Sql => sql`
  select id, email, role, to_json(property_ids) as "propertyIds", expires_at as "expiresAt", accepted_at as "acceptedAt", clock_timestamp() as now,
    (select o.status = 'active' from identity.organizations o where o.bucket = i.bucket and o.organization_id = i.organization_id)
      as "isOrganizationActive"
  from identity.invitations i where bucket = ${bucket} and organization_id = ${organizationId} and token_hash = ${hash}`;

const toFound = ([row]: InvitationRow[]): FoundInvitation => {
  if (!row) return { isOrganizationActive: true, now: new Date() };
  const { isOrganizationActive, now, ...invitation } = row;
  return { invitation, isOrganizationActive, now };
};

@Injectable()
export class InvitationStore {
  constructor(
    private readonly directory: Directory,
    private readonly reader: Reader,
  ) {}

  async find(token: OrganizationToken): Promise<FoundInvitation> {
    const { organizationId } = token;
    // A made-up organization looks like a made-up token: nobody learns from it which organizations there are.
    if (!(await this.directory.route(organizationId))) return toFound([]);
    const { rows } = await this.reader.read<InvitationRow>({ organizationId }, ({ bucket }) => byHash(bucket, token));
    return toFound(rows);
  }

  /** The invitation, locked to the end of the transaction: it is accepted once. */
  async load(transaction: OrganizationTransaction, token: OrganizationToken): Promise<FoundInvitation> {
    const statement = sql`${byHash(transaction.bucket, token)} for no key update`;
    return toFound(await transaction.query<InvitationRow>(statement));
  }

  /** The same by its id. */
  async loadById(transaction: OrganizationTransaction, id: string): Promise<{ isAccepted: boolean } | undefined> {
    const [row] = await transaction.query<{ isAccepted: boolean }>(
      `select accepted_at is not null as "isAccepted" from identity.invitations
       where bucket = $1 and organization_id = $2 and id = $3 for update`,
      [transaction.bucket, transaction.organizationId, id],
    );
    return row;
  }

  /** Its token finds nothing any more. */
  remove(transaction: OrganizationTransaction, id: string): void {
    transaction.write(sql`
      delete from identity.invitations
      where bucket = ${transaction.bucket} and organization_id = ${transaction.organizationId} and id = ${id}`);
  }

  /** Adds an invitation in the place of those to the same address that were not accepted yet: their tokens find nothing any more. */
  replace(
    transaction: OrganizationTransaction,
    invitation: Omit<Invitation, 'acceptedAt'> & { readonly name: string | null },
    tokenHash: Buffer,
  ): void {
    const { bucket, organizationId } = transaction;
    const { id, email, name, role, propertyIds, expiresAt } = invitation;
    transaction.write(sql`
      delete from identity.invitations
      where bucket = ${bucket} and organization_id = ${organizationId} and email = ${email} and accepted_at is null`);
    transaction.write(sql`
      insert into identity.invitations (bucket, organization_id, id, token_hash, email, name, role, property_ids, expires_at)
      values (${bucket}, ${organizationId}, ${id}, ${tokenHash}, ${email}, ${name}, ${role}, ${propertyIds}::bigint[], ${expiresAt})`);
  }

  accept(transaction: OrganizationTransaction, id: string): void {
    transaction.write(sql`
      update identity.invitations set accepted_at = now()
      where bucket = ${transaction.bucket} and organization_id = ${transaction.organizationId} and id = ${id}`);
  }
}
