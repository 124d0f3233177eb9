import { DomainError, InvitationWithdrawn } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertMayInvite } from '../identity.policies';
import { identityProblems } from '../identity.problems';
import { InvitationStore } from '../invitation.store';
import { WithdrawInvitation } from './withdraw-invitation.command';

@CommandHandler(WithdrawInvitation)
export class WithdrawInvitationHandler implements ICommandHandler<WithdrawInvitation> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly invitations: InvitationStore,
  ) {}

  execute({ context, invitationId }: WithdrawInvitation): Promise<Committed<void>> {
    assertMayInvite(context.principal);
    return this.unitOfWork.run(context, async (transaction) => {
      const found = await this.invitations.loadById(transaction, invitationId);
      if (!found) throw notFound('invitation');
      if (found.isAccepted)
        throw new DomainError(
          identityProblems['invitation-already-accepted'],
          'Suspend the user, if nobody is to come in by it.',
        );
      this.invitations.remove(transaction, invitationId);
      transaction.record(InvitationWithdrawn({ invitationId }, { entityId: invitationId }));
    });
  }
}
