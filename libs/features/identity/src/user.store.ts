import { ERASED } from '@innkeep/contracts';
import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { revokeRights } from '@innkeep/platform/http';
import { askMail } from '@innkeep/platform/mail';
import { decoyHash } from '@innkeep/platform/security';
import { Injectable } from '@nestjs/common';
import type { NewSession } from './begin-session';
import { recipientLock } from './mail-recipient.store';
import { SessionStore } from './session.store';
import type { AssignedProperties, User } from './user';
import { type UserRow, toUser, userColumns } from './user.sql';

/** A user's personal side. Of it only the name is in an event, sealed. */
export interface Person {
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
}

/** What an erasure has to know of a user. */
export interface ErasablePerson {
  readonly email: string;
  readonly permissionEpoch: number;
  readonly erasedAt: Date | null;
  /** The time at the database. */
  readonly now: Date;
}

/** The write model of organizations and users. */
@Injectable()
export class UserStore {
  constructor(private readonly sessions: SessionStore) {}

  addOrganization(transaction: OrganizationTransaction, name: string): void {
    transaction.write(sql`
      insert into identity.organizations (bucket, organization_id, name, version)
      values (${transaction.bucket}, ${transaction.organizationId}, ${name}, (select version from head))`);
  }

  /** Adds a user who is signed in from the start. */
  add(transaction: OrganizationTransaction, user: User, person: Person, session: NewSession): void {
    const { email, name, passwordHash } = person;
    const { bucket, organizationId } = transaction;
    const propertyIds: AssignedProperties = user.properties === 'all' ? null : user.properties;
    transaction.write(sql`
      insert into identity.users (bucket, organization_id, id, email, name, role, status, has_all_properties, permission_epoch, password_hash, version)
      values (${bucket}, ${organizationId}, ${user.id}, ${email}, ${name}, ${user.role}, ${user.status}, ${propertyIds === null},
        ${user.permissionEpoch}, ${passwordHash}, (select version from head))`);
    this.sessions.start(transaction, session);
    transaction.write(askMail(transaction, 'email-verification', String(user.id)));
    this.assign(transaction, user.id, propertyIds);
  }

  private assign(transaction: OrganizationTransaction, userId: number, propertyIds: AssignedProperties): void {
    if (!propertyIds) return;
    const { bucket, organizationId } = transaction;
    transaction.write(sql`
      insert into identity.property_assignments (bucket, organization_id, user_id, property_id)
      select ${bucket}::smallint, ${organizationId}::bigint, ${userId}::bigint, unnest(${propertyIds}::bigint[])
      on conflict do nothing`);
  }

  /** A user, locked to the end of the transaction; not one that was erased. */
  async load(
    transaction: OrganizationTransaction,
    userId: number,
  ): Promise<{ user: User; version: number } | undefined> {
    const { bucket, organizationId } = transaction;
    const [row] = await transaction.query<UserRow & { version: string }>(sql`
      select ${userColumns}, u.version from identity.users u
      where u.bucket = ${bucket} and u.organization_id = ${organizationId} and u.id = ${userId} and u.erased_at is null for no key update of u`);
    return row && { user: toUser(row), version: Number(row.version) };
  }

  /** The owners who may sign in. Locked in the order of their ids: two owners who demote each other take turns. */
  async loadActiveOwners(transaction: OrganizationTransaction): Promise<number[]> {
    const { bucket, organizationId } = transaction;
    const rows = await transaction.query<{ id: string }>(sql`
      select id from identity.users where bucket = ${bucket} and organization_id = ${organizationId} and role = 'owner'
        and status = 'active' order by id for no key update`);
    return rows.map(({ id }) => Number(id));
  }

  /** Saves what a user may do. Access tokens that say otherwise end within seconds. */
  saveRights(transaction: OrganizationTransaction, user: User): void {
    const { bucket, organizationId } = transaction;
    const propertyIds: AssignedProperties = user.properties === 'all' ? null : user.properties;
    transaction.write(sql`
      update identity.users set role = ${user.role}, status = ${user.status}, has_all_properties = ${propertyIds === null},
        permission_epoch = ${user.permissionEpoch}, version = (select version from head)
      where bucket = ${bucket} and organization_id = ${organizationId} and id = ${user.id}`);
    transaction.write(sql`
      delete from identity.property_assignments
      where bucket = ${bucket} and organization_id = ${organizationId} and user_id = ${user.id}
        and property_id <> all (${propertyIds ?? []}::bigint[])`);
    this.assign(transaction, user.id, propertyIds);
    transaction.write(revokeRights(transaction, user.id, user.permissionEpoch));
  }

  /** What an earlier attempt under the same ids has left behind. */
  async leftBehind(
    transaction: OrganizationTransaction,
    userId: number,
  ): Promise<{ organization: boolean; user: boolean }> {
    const { bucket, organizationId } = transaction;
    const [row] = await transaction.query<{ organization: boolean; user: boolean }>(sql`
      select exists (select from identity.organizations where bucket = ${bucket} and organization_id = ${organizationId}) as organization,
        exists (select from identity.users where bucket = ${bucket} and organization_id = ${organizationId} and id = ${userId}) as "user"`);
    return row!;
  }

  /** The user as somebody who may be erased, locked to the end of the transaction. */
  async loadPerson(transaction: OrganizationTransaction, userId: number): Promise<ErasablePerson | undefined> {
    await transaction.query(recipientLock(transaction, userId));
    const [row] = await transaction.query<ErasablePerson>(sql`
      select email, permission_epoch as "permissionEpoch", erased_at as "erasedAt", clock_timestamp() as now from identity.users
      where bucket = ${transaction.bucket} and organization_id = ${transaction.organizationId} and id = ${userId}
      for update`);
    return row;
  }

  /** Erases all that is personal in the rows of a user, and everything that lets the user sign in. */
  erase(transaction: OrganizationTransaction, userId: number, { email, permissionEpoch, now }: ErasablePerson): void {
    const { bucket, organizationId } = transaction;
    // No password fits the decoy's hash, and checking against it takes as long as ever.
    transaction.write(sql`
      update identity.users set name = ${ERASED}, email = ${`${ERASED}:${userId}`}, password_hash = ${decoyHash}, status = 'suspended',
        permission_epoch = ${permissionEpoch + 1}, erased_at = ${now}, version = (select version from head)
      where bucket = ${bucket} and organization_id = ${organizationId} and id = ${userId}`);
    transaction.write(sql`
      delete from identity.sessions where bucket = ${bucket} and organization_id = ${organizationId} and user_id = ${userId}`);
    for (const table of [sql`identity.one_time_tokens`, sql`identity.second_factors`])
      transaction.write(sql`
        delete from ${table} where bucket = ${bucket} and organization_id = ${organizationId} and user_id = ${userId}`);
    transaction.write(revokeRights(transaction, userId, permissionEpoch + 1));
    transaction.write(sql`
      delete from identity.invitations where bucket = ${bucket} and organization_id = ${organizationId} and email = ${email}`);
  }
}
