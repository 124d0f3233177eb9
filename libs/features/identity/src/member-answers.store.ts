import { type MemberFacts, MemberPort, type OrganizationFacts, type Sql } from '@innkeep/contracts';
import { Injectable } from '@nestjs/common';
import { scopeOfUser } from './user.sql';

const { text: scope } = scopeOfUser.compile();

/** What other features may ask about members, inside their own transaction. */
@Injectable()
export class MemberAnswers extends MemberPort {
  async find(port: Sql, userIds: readonly number[]): Promise<Map<number, MemberFacts>> {
    const rows = await port.query<MemberFacts>(
      `select u.id::float8 as id, u.name, u.email, u.role, ${scope} as properties from identity.users u
       where u.bucket = $1 and u.organization_id = $2 and u.id = any ($3::bigint[]) and u.status = 'active' and u.erased_at is null`,
      [port.bucket, port.organizationId, userIds],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  async organization(port: Sql): Promise<OrganizationFacts> {
    const [row] = await port.query<OrganizationFacts>(
      `select organization_id::float8 as id, name, plan from identity.organizations where bucket = $1 and organization_id = $2`,
      [port.bucket, port.organizationId],
    );
    return row!;
  }
}
