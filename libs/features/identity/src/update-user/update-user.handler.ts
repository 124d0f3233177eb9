import { DomainError, PropertyPort, UserChanged } from '@innkeep/contracts';
import { type Committed, type OrganizationTransaction, UnitOfWork } from '@innkeep/platform/database';
import { httpProblems, notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { checkKnownProperties } from '../assigned-properties';
import { assertMayChangeUsers } from '../identity.policies';
import { identityProblems } from '../identity.problems';
import { checkAssignment } from '../invitation';
import { PlanStore, countUsers } from '../plan.store';
import { SessionStore } from '../session.store';
import { type User, changeRights } from '../user';
import { UserStore } from '../user.store';
import { UpdateUser, type UserRights } from './update-user.command';

@CommandHandler(UpdateUser)
export class UpdateUserHandler implements ICommandHandler<UpdateUser> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: UserStore,
    private readonly sessions: SessionStore,
    private readonly properties: PropertyPort,
    private readonly plans: PlanStore,
  ) {}

  async execute({ context, userId, changes, ifVersion }: UpdateUser): Promise<Committed<UserRights>> {
    assertMayChangeUsers(context.principal);
    return this.unitOfWork.run(context, async (transaction) => {
      // Before all else: whoever shuts an organization out takes it first, and its users then.
      if (changes.status === 'active') await this.plans.load(transaction);
      // Before the user: whoever changes owners takes their rows in one order.
      const owners = await this.users.loadActiveOwners(transaction);
      const loaded = await this.users.load(transaction, userId);
      if (!loaded) throw notFound('user');
      if (ifVersion !== undefined && ifVersion !== loaded.version) {
        throw new DomainError(
          httpProblems['precondition-failed'],
          'Read it again and repeat the change on what you see.',
        );
      }
      const changed = changeRights(loaded.user, changes);
      if (!changed) return rightsOf(loaded.user);
      if (changed.status === 'active' && loaded.user.status !== 'active')
        await this.plans.claim(transaction, 'users', 1, () => countUsers(transaction));
      const propertyIds = changed.properties === 'all' ? null : [...changed.properties];
      checkAssignment(changed.role, propertyIds);
      await checkKnownProperties(this.properties, transaction, changes.propertyIds ?? null);
      if (owners.length === 1 && owners[0] === userId && !isActiveOwner(changed)) {
        throw new DomainError(identityProblems['last-owner'], 'Make somebody else an owner first.');
      }
      await this.save(transaction, changed);
      const { role, status } = changed;
      transaction.record(UserChanged({ userId, role, status, propertyIds }, { entityId: userId }));
      return rightsOf(changed);
    });
  }

  private async save(transaction: OrganizationTransaction, user: User): Promise<void> {
    this.users.saveRights(transaction, user);
    if (user.status === 'active') return;
    const live = await this.sessions.findLive(transaction, user.id);
    this.sessions.end(transaction, user.id, live, 'user-suspended');
  }
}

const isActiveOwner = ({ role, status }: User) => role === 'owner' && status === 'active';

const rightsOf = ({ id, role, status, properties }: User): UserRights => ({ id, role, status, properties });
