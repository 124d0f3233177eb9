import { DomainError, PropertyPort, UserInvited } from '@innkeep/contracts';
import { type Committed, type OrganizationTransaction, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuid } from 'uuid';
import { httpProblems } from '@innkeep/platform/http';
import { hashEmail } from '@innkeep/platform/security';
import { assertMayInvite } from '../identity.policies';
import { emailTaken } from '../identity.problems';
import { checkAssignment, invitationEnd } from '../invitation';
import { InvitationStore } from '../invitation.store';
import { newOrganizationToken } from '../organization-token';
import { SignInStore } from '../sign-in.store';
import type { AssignedProperties } from '../user';
import { InviteUser, type IssuedInvitation } from './invite-user.command';

@CommandHandler(InviteUser)
export class InviteUserHandler implements ICommandHandler<InviteUser> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly signIns: SignInStore,
    private readonly invitations: InvitationStore,
    private readonly properties: PropertyPort,
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
      await this.checkProperties(transaction, propertyIds);
      this.invitations.replace(transaction, invitation, hash);
      transaction.record(UserInvited({ invitationId: invitation.id, role, propertyIds }, { entityId: invitation.id }));
      return { ...invitation, token };
    });
  }

  private async checkProperties(transaction: OrganizationTransaction, propertyIds: AssignedProperties): Promise<void> {
    if (!propertyIds) return;
    const known = await this.properties.find(transaction, propertyIds);
    const errors = propertyIds.flatMap((id, index) =>
      known.has(id) ? [] : [{ pointer: `/propertyIds/${index}`, detail: 'is no property of the organization' }],
    );
    if (errors.length > 0) {
      throw new DomainError(httpProblems['property-unknown'], 'Name properties of your organization.', { errors });
    }
  }
}
