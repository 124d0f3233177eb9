import { DomainError, subjects } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { eraseSubject } from '@innkeep/platform/privacy';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertMayErase } from '../identity.policies';
import { identityProblems } from '../identity.problems';
import { SignInStore } from '../sign-in.store';
import { UserStore } from '../user.store';
import { EraseUser, type Erasure } from './erase-user.command';

@CommandHandler(EraseUser)
export class EraseUserHandler implements ICommandHandler<EraseUser> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: UserStore,
    private readonly signIns: SignInStore,
  ) {}

  async execute({ context, userId }: EraseUser): Promise<Committed<Erasure>> {
    const { principal } = context;
    assertMayErase(principal, userId);
    const committed = await this.unitOfWork.run(context, async (transaction) => {
      // Before the user: whoever changes owners takes their rows in one order.
      const owners = await this.users.loadActiveOwners(transaction);
      const person = await this.users.loadPerson(transaction, userId);
      if (!person) throw notFound('user');
      if (person.erasedAt) return { userId, erasedAt: person.erasedAt.toISOString() };
      // Two owners who erase each other take turns; the second one's turn finds only itself left to be erased.
      if (owners.length === 1 && owners[0] === userId) {
        throw new DomainError(identityProblems['last-owner'], 'Make somebody else an owner first.');
      }
      this.users.erase(transaction, userId, person);
      eraseSubject(transaction, subjects.user(userId));
      return { userId, erasedAt: person.now.toISOString() };
    });
    // Also when it was erased before: an earlier attempt may have ended between its commit and this.
    await this.signIns.forget(principal.organizationId, userId);
    return committed;
  }
}
