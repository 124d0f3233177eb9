import { DomainError, type Principal } from '@innkeep/contracts';
import { forbidden } from '@innkeep/platform/http';
import { identityProblems } from './identity.problems';

/** Who belongs to the organization is for its owners to say. */
export function assertMayInvite(principal: Principal): void {
  if (principal.role !== 'owner') throw forbidden('Only owners invite users.');
}

/** Nobody erases himself, so that an organization keeps an owner. */
export function assertMayErase(principal: Principal, userId: number): void {
  if (principal.role !== 'owner') throw forbidden('Only owners erase users.');
  if (principal.userId === userId)
    throw new DomainError(identityProblems['cannot-erase-yourself'], 'Another owner can.');
}

export function assertMayListUsers(principal: Principal): void {
  if (principal.role !== 'owner' && principal.role !== 'manager') {
    throw forbidden('Only owners and managers see the list of users.');
  }
}

export function assertMayChangeUsers(principal: Principal): void {
  if (principal.role !== 'owner') throw forbidden('Only owners change what users may do.');
}

export function assertMayCloseOrganization(principal: Principal): void {
  if (principal.role !== 'owner') throw forbidden('Only owners close the organization.');
}

export function assertMaySeeOperatorActions(principal: Principal): void {
  if (principal.role !== 'owner') throw forbidden('Only owners see what operators did.');
}

export function assertMayManageKeys(principal: Principal): void {
  if (principal.role !== 'owner') throw forbidden('Only owners make, see and revoke API keys.');
}
