import { DomainError, type Quota, QuotaPort, type Sql } from '@innkeep/contracts';
import { type OrganizationTransaction, Reader, sql } from '@innkeep/platform/database';
import { RequestQuotaSource } from '@innkeep/platform/http';
import { Injectable } from '@nestjs/common';
import { identityProblems } from './identity.problems';
import { type PlanName, plans } from './plan';

const quotaExceeded = (plan: PlanName, quota: Quota, limit: number, used: number) =>
  new DomainError(
    identityProblems['quota-exceeded'],
    `The plan ${plan} has room for ${limit}, and ${used} are used. Remove what is not needed, or ask those who run this installation for another plan.`,
    { members: { quota, plan, limit, used } },
  );

/** Which plan an organization is on. */
@Injectable()
export class PlanStore extends QuotaPort {
  /** The plan, locked to the end of the transaction: who adds what is limited takes turns. */
  async load(port: Sql): Promise<PlanName | undefined> {
    const [row] = await port.query<{ plan: PlanName }>(
      `select plan from identity.organizations where bucket = $1 and organization_id = $2 for no key update`,
      [port.bucket, port.organizationId],
    );
    return row?.plan;
  }

  save(transaction: OrganizationTransaction, plan: PlanName): void {
    const { bucket, organizationId } = transaction;
    transaction.write(sql`
      update identity.organizations set plan = ${plan}, version = (select version from head)
      where bucket = ${bucket} and organization_id = ${organizationId}`);
  }

  async claim(port: Sql, quota: Quota, adding: number, used: () => Promise<number>): Promise<void> {
    const plan = await this.load(port);
    const limit = plan && plans[plan][quota];
    if (!plan || limit === null || limit === undefined) return;
    const present = await used();
    if (present + adding > limit) throw quotaExceeded(plan, quota, limit, present);
  }
}

/** How many users there are who can sign in, and how many more are invited. */
export async function countUsers(port: Sql, except?: { readonly invitedAs: string }): Promise<number> {
  // Materialized: when invitations expire is no way to find those of an organization.
  const [row] = await port.query<{ users: number }>(
    `with invited as materialized (
       select email, expires_at from identity.invitations where bucket = $1 and organization_id = $2 and accepted_at is null
     )
     select ((select count(*) from identity.users where bucket = $1 and organization_id = $2 and status = 'active' and erased_at is null)
       + (select count(*) from invited where expires_at > now() and email <> $3))::int as users`,
    [port.bucket, port.organizationId, except?.invitedAs ?? ''],
  );
  return row!.users;
}

/** What the plans say of requests, for who counts them. */
@Injectable()
export class PlanRequestQuotas extends RequestQuotaSource {
  constructor(private readonly reader: Reader) {
    super();
  }

  async perMinute(organizationId: number): Promise<number | null> {
    const { rows } = await this.reader.read<{ plan: PlanName }>(
      { organizationId },
      ({ bucket }) => sql`
        select plan from identity.organizations where bucket = ${bucket} and organization_id = ${organizationId}`,
    );
    return rows[0] ? plans[rows[0].plan].requestsPerMinute : null;
  }
}
