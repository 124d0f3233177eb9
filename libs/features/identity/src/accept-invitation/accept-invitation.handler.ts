import { hashEmail, hashPassword } from '@innkeep/platform/security';
import { UserAdded } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { beginSession } from '../begin-session';
import { emailTaken, organizationNotActive } from '../identity.problems';
import { acceptable } from '../invitation';
import { InvitationStore } from '../invitation.store';
import { OrganizationStore } from '../organization.store';
import { readOrganizationToken } from '../organization-token';
import { PlanStore, countUsers } from '../plan.store';
import type { SignIn } from '../session';
import { SignInStore } from '../sign-in.store';
import { newUser } from '../user';
import { UserStore } from '../user.store';
import { AcceptInvitation } from './accept-invitation.command';

@CommandHandler(AcceptInvitation)
export class AcceptInvitationHandler implements ICommandHandler<AcceptInvitation> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly signIns: SignInStore,
    private readonly invitations: InvitationStore,
    private readonly users: UserStore,
    private readonly organizations: OrganizationStore,
    private readonly plans: PlanStore,
  ) {}

  async execute({ requestId, token, input, origin }: AcceptInvitation): Promise<Committed<SignIn>> {
    const presented = readOrganizationToken(token);
    if (!presented) throw notFound('invitation');
    const { organizationId } = presented;
    const found = await this.invitations.find(presented);
    // Before the address is reserved: a reservation that nothing comes of blocks it for a minute.
    if (!found.isOrganizationActive) throw organizationNotActive();
    const { email, role, propertyIds } = acceptable(found.invitation, found.now);
    const passwordHash = await hashPassword(input.password);
    const emailHash = hashEmail(email);
    const userId = await this.signIns.reserve(emailHash, organizationId);
    if (userId === undefined) throw emailTaken();
    const user = newUser(userId, role, propertyIds);
    const session = beginSession(organizationId, user, origin);

    const committed = await this.unitOfWork.run(
      { principal: session.signIn.principal, requestId },
      async (transaction) => {
        if ((await this.organizations.loadStatus(transaction)) !== 'active') throw organizationNotActive();
        // Looked at again under the lock: the same link may have been opened twice.
        const locked = await this.invitations.load(transaction, presented);
        const { id } = acceptable(locked.invitation, locked.now);
        await this.plans.claim(transaction, 'users', 1, () => countUsers(transaction, { invitedAs: email }));
        this.invitations.accept(transaction, id);
        this.users.add(transaction, user, { email, name: input.name, passwordHash }, session);
        transaction.record(
          UserAdded(
            { userId, name: input.name, role, propertyIds: propertyIds && [...propertyIds] },
            { entityId: userId },
          ),
        );
        return session.signIn;
      },
      { constraints: { users_email_key: emailTaken } },
    );
    await this.signIns.confirm(emailHash);
    return committed;
  }
}
