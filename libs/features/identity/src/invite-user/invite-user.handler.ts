import { PropertyPort, UserInvited } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuid } from 'uuid';
import { hashEmail } from '@innkeep/platform/security';
import { checkKnownProperties } from '../assigned-properties';
import { assertMayInvite } from '../identity.policies';
import { emailTaken } from '../identity.problems';
import { checkAssignment, invitationEnd } from '../invitation';
import { InvitationStore } from '../invitation.store';
import { PlanStore, countUsers } from '../plan.store';
import { newOrganizationToken } from '../organization-token';
import { SignInStore } from '../sign-in.store';
import { InviteUser, type IssuedInvitation } from './invite-user.command';

@CommandHandler(InviteUser)
export class InviteUserHandler implements ICommandHandler<InviteUser> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly signIns: SignInStore,
    private readonly invitations: InvitationStore,
    private readonly properties: PropertyPort,
    private readonly plans: PlanStore,
  ) {}

  async execute({ context, input }: InviteUser): Promise<Committed<IssuedInvitation>> {
    const { principal, requestId } = context;
    assertMayInvite(principal);
    const { email, name = null, role, propertyIds } = input;
    checkAssignment(role, propertyIds);
    // Asked again when the invitation is accepted; this only spares the owner one that cannot be.
    if (await this.signIns.isTaken(hashEmail(email))) throw emailTaken();
    const { token, hash } = newOrganizationToken(principal.organizationId);
    const invitation = { id: uuid(), email, name, role, propertyIds, expiresAt: invitationEnd(new Date()) };
    // Without the idempotency key: its record would keep the token in the clear. Inviting twice replaces the first invitation.
    return this.unitOfWork.run({ principal, requestId }, async (transaction) => {
      await this.plans.claim(transaction, 'users', 1, () => countUsers(transaction, { invitedAs: email }));
      await checkKnownProperties(this.properties, transaction, propertyIds);
      this.invitations.replace(transaction, invitation, hash);
      transaction.record(UserInvited({ invitationId: invitation.id, role, propertyIds }, { entityId: invitation.id }));
      return { ...invitation, expiresAt: invitation.expiresAt.toISOString(), token };
    });
  }
}
