import { hashEmail, hashPassword } from '@innkeep/platform/security';
import { OrganizationCreated, UserAdded } from '@innkeep/contracts';
import { type Committed, Directory, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { beginSession } from '../begin-session';
import { emailTaken } from '../identity.problems';
import type { SignIn } from '../session';
import { newUser } from '../user';
import { UserStore } from '../user.store';
import { SignUp } from './sign-up.command';

@CommandHandler(SignUp)
export class SignUpHandler implements ICommandHandler<SignUp> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: Directory,
    private readonly users: UserStore,
  ) {}

  async execute({ requestId, input, origin }: SignUp): Promise<Committed<SignIn>> {
    const emailHash = hashEmail(input.email);
    // Before the reservation, so that little time passes between it and the commit, and a known address costs as much as a new one.
    const passwordHash = await hashPassword(input.password);
    const reserved = await this.directory.reserveOrganization(emailHash);
    if (!reserved) throw emailTaken();
    const { organizationId, userId, isFresh } = reserved;
    const owner = newUser(userId, 'owner', null);
    const session = beginSession(organizationId, owner, origin);
    const { result, ...committed } = await this.unitOfWork.run(
      { principal: session.signIn.principal, requestId },
      async (transaction) => {
        // A reservation taken up again may be of an attempt that died after its commit, or of an invitation that was being accepted.
        const left = isFresh ? undefined : await this.users.leftBehind(transaction, userId);
        if (left?.user) return 'user-exists';
        if (left?.organization) return 'organization-exists';
        this.users.addOrganization(transaction, input.organizationName);
        this.users.add(transaction, owner, { ...input, passwordHash }, session);
        transaction.record(
          OrganizationCreated({ organizationId }, { entityId: organizationId }),
          UserAdded({ userId, name: input.name, role: owner.role, propertyIds: null }, { entityId: userId }),
        );
        return 'created';
      },
      { constraints: { organizations_pkey: emailTaken } },
    );
    if (result !== 'organization-exists') await this.directory.confirmSignIn(emailHash);
    if (result !== 'created') throw emailTaken();
    return { ...committed, result: session.signIn };
  }
}
