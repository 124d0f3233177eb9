import type { PropertyScope, Role } from '../principal';
import type { Sql } from './sql';

/** What another feature may know of a member who can sign in, read in its own transaction. */
export interface MemberFacts {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly properties: PropertyScope;
}

/** What another feature may know of the organization. */
export interface OrganizationFacts {
  readonly id: number;
  readonly name: string;
  readonly plan: string;
}

/** Answered by the identity feature. Whoever cannot sign in, or was erased, is absent from the answer. */
export abstract class MemberPort {
  abstract find(sql: Sql, userIds: readonly number[]): Promise<Map<number, MemberFacts>>;
  abstract organization(sql: Sql): Promise<OrganizationFacts>;
}
