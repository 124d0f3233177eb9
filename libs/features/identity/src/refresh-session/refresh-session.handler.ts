import { type Principal, SignInFamilyRevoked } from '@innkeep/contracts';
import { type Committed, Directory, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { signInRefused } from '../identity.problems';
import { newOrganizationToken, readOrganizationToken } from '../organization-token';
import { type SignIn, judgeToken } from '../session';
import { SessionStore } from '../session.store';
import { principalFor } from '../user';
import { RefreshSession } from './refresh-session.command';

type Outcome = { readonly signIn: SignIn } | { readonly refusal: 'refresh-token-invalid' | 'refresh-token-reused' };

const advice = {
  'refresh-token-invalid': 'The session is over. Sign in again.',
  'refresh-token-reused': 'A copy of the token is in use elsewhere, so the session was ended. Sign in again.',
};

@CommandHandler(RefreshSession)
export class RefreshSessionHandler implements ICommandHandler<RefreshSession> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: Directory,
    private readonly sessions: SessionStore,
  ) {}

  async execute({ requestId, refreshToken }: RefreshSession): Promise<Committed<SignIn>> {
    const presented = readOrganizationToken(refreshToken);
    if (!presented || !(await this.directory.route(presented.organizationId))) throw refused('refresh-token-invalid');
    const { organizationId, hash } = presented;
    const fresh = newOrganizationToken(organizationId);

    const { result, ...committed } = await this.unitOfWork.run(
      { principal: nobodyYet(organizationId), requestId },
      async (transaction): Promise<Outcome> => {
        const token = await this.sessions.findToken(transaction, hash);
        const verdict = token ? judgeToken(token, token.now) : 'refuse';
        if (!token || verdict === 'refuse') return { refusal: 'refresh-token-invalid' };
        const { sessionId, user } = token;
        if (verdict === 'revoke') {
          this.sessions.revoke(transaction, sessionId, 'reuse');
          transaction.record(
            SignInFamilyRevoked({ userId: user.id, sessionId, reason: 'reuse' }, { entityId: sessionId }),
          );
          return { refusal: 'refresh-token-reused' };
        }
        this.sessions.rotate(transaction, sessionId, hash, fresh.hash);
        return { signIn: { principal: principalFor(organizationId, user, sessionId), refreshToken: fresh.token } };
      },
    );
    // Thrown only here: inside the transaction it would undo the revocation.
    if (!result || 'refusal' in result) throw refused(result?.refusal ?? 'refresh-token-invalid');
    return { ...committed, result: result.signIn };
  }
}

const refused = (name: keyof typeof advice) => signInRefused(name, advice[name]);

/** Who calls is known only once the token is found, inside the transaction. */
const nobodyYet = (organizationId: number): Principal => ({
  organizationId,
  userId: 0,
  role: 'system',
  properties: [],
  permissionEpoch: 0,
});
