import type { OrganizationTransaction } from '@innkeep/platform/database';
import { SignInAttempts } from '@innkeep/platform/http';
import { Injectable } from '@nestjs/common';
import { type Asking, PasswordCheck } from './password-check.store';
import { attemptsWithCode, codeRefused, factorIsOff } from './second-factor';
import { SecondFactorStore } from './second-factor.store';

/** Asks callers for their password and a code, before the second factor itself is touched. */
@Injectable()
export class FactorCheck {
  constructor(
    private readonly check: PasswordCheck,
    private readonly attempts: SignInAttempts,
    private readonly factors: SecondFactorStore,
  ) {}

  /**
   * Runs what takes both. It is given a function that checks the code in its transaction, and answers with what uses the code up.
   */
  async proven<Result>(
    caller: Asking,
    proof: { readonly password: string; readonly code: string },
    run: (check: (transaction: OrganizationTransaction) => Promise<() => void>) => Promise<Result>,
  ): Promise<Result> {
    await this.check.verify(caller, proof.password);
    const { userId } = caller.principal;
    const succeeded = await this.attempts.begin(attemptsWithCode(userId), caller.address);
    const result = await run(async (transaction) => {
      const factor = await this.factors.load(transaction, userId);
      if (!factor?.isConfirmed) throw factorIsOff();
      const useUp = await this.factors.recognize(transaction, factor, proof.code);
      if (!useUp) throw codeRefused();
      return useUp;
    });
    await succeeded();
    return result;
  }
}
