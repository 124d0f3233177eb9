import { type Committed, Directory, type OrganizationTransaction, UnitOfWork } from '@innkeep/platform/database';
import { SecretKeys } from '@innkeep/platform/security';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { signInRefused } from '../identity.problems';
import { nobodyYet } from '../nobody-yet';
import { type OrganizationToken, readOrganizationToken, successorOf } from '../organization-token';
import { type SignIn, judgeToken } from '../session';
import { SessionStore } from '../session.store';
import { principalFor } from '../user';
import { RefreshSession } from './refresh-session.command';

type Outcome = { readonly signIn: SignIn } | { readonly refusal: 'refresh-token-invalid' | 'refresh-token-reused' };

const advice = {
  'refresh-token-invalid': 'The session is over. Sign in again.',
  'refresh-token-reused': 'A copy of the token is in use elsewhere, so the session was ended. Sign in again.',
};

/** So many rotations may lie within one grace; a client that is further behind signs in again. */
const LONGEST_CHAIN = 5;

@CommandHandler(RefreshSession)
export class RefreshSessionHandler implements ICommandHandler<RefreshSession> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: Directory,
    private readonly sessions: SessionStore,
    private readonly keys: SecretKeys,
  ) {}

  async execute({ requestId, refreshToken }: RefreshSession): Promise<Committed<SignIn>> {
    const presented = readOrganizationToken(refreshToken);
    if (!presented || !(await this.directory.route(presented.organizationId))) throw refused('refresh-token-invalid');
    const { result, ...committed } = await this.unitOfWork.run(
      { principal: nobodyYet(presented.organizationId), requestId },
      (transaction) => this.follow(transaction, presented),
    );
    // Thrown only here: inside the transaction it would undo the revocation.
    if (!result || 'refusal' in result) throw refused(result?.refusal ?? 'refresh-token-invalid');
    return { ...committed, result: result.signIn };
  }

  /** Goes from the presented token to the one that is to be used next, making it if nobody has. */
  private async follow(transaction: OrganizationTransaction, presented: OrganizationToken): Promise<Outcome> {
    let current = presented;
    let given: string | undefined;
    for (let step = 0; step < LONGEST_CHAIN; step++) {
      const token = await this.sessions.findToken(transaction, current.hash);
      const verdict = judgeToken(token, token?.now ?? new Date());
      if (!token || verdict === 'refuse') return { refusal: 'refresh-token-invalid' };
      const { sessionId, user } = token;
      if (verdict === 'revoke') {
        this.sessions.end(transaction, user.id, [sessionId], 'reuse');
        return { refusal: 'refresh-token-reused' };
      }
      const signIn = (refreshToken: string) => ({
        signIn: { principal: principalFor(transaction.organizationId, user, sessionId), refreshToken },
      });
      // Given out a moment ago to another request with the same token, and not used since: both get this one.
      if (given !== undefined && verdict === 'rotate') return signIn(given);
      const successor = successorOf(current, this.keys.for('tokens of sessions'));
      if (verdict === 'rotate') {
        this.sessions.rotate(transaction, sessionId, current.hash, successor.hash);
        return signIn(successor.token);
      }
      given = successor.token;
      current = successor;
    }
    return { refusal: 'refresh-token-invalid' };
  }
}

const refused = (name: keyof typeof advice) => signInRefused(name, advice[name]);
