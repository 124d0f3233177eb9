import { DomainError, characters } from '@innkeep/contracts';
import { Directory } from '@innkeep/platform/database';
import { SignInAttempts, operatorAttempts } from '@innkeep/platform/http';
import { decoyHash, hashEmail, verifyPassword } from '@innkeep/platform/security';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { operationsProblems } from '../operations.problems';

export const signInOperatorBody = z
  .strictObject({ email: characters(0, 320), password: characters(0, 200) })
  .meta({ example: { email: 'operator@innkeep.example', password: 'as printed at the start' } });

/** Who signs in as an operator. Operators are made by a command on the system itself, never over HTTP. */
export class SignInOperator extends Query<number> {
  constructor(
    readonly email: string,
    readonly password: string,
    /** The network address that guesses are counted by. */
    readonly address: string,
  ) {
    super();
  }
}

@QueryHandler(SignInOperator)
export class SignInOperatorHandler implements IQueryHandler<SignInOperator> {
  constructor(
    private readonly directory: Directory,
    private readonly attempts: SignInAttempts,
  ) {}

  async execute({ email, password, address }: SignInOperator): Promise<number> {
    const emailHash = hashEmail(email);
    const succeeded = await this.attempts.begin(operatorAttempts(emailHash), address);
    const operator = await this.directory.findOperator(emailHash);
    // An unknown operator costs as much as a wrong password.
    const isRight = await verifyPassword(operator?.passwordHash ?? decoyHash, password);
    if (!operator || !isRight)
      throw new DomainError(operationsProblems['invalid-operator-credentials'], 'Check both and try again.');
    await succeeded();
    return operator.operatorId;
  }
}
