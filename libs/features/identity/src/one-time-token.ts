import { DomainError } from '@innkeep/contracts';
import { identityProblems } from './identity.problems';

/** What a one-time token is good for, and for how long. */
export const oneTimeTokens = {
  'password-reset': '1 hour',
  'email-verification': '2 days',
  'sign-in-challenge': '5 minutes',
} as const;
export type OneTimeTokenKind = keyof typeof oneTimeTokens;

/** So many mails with a token of one kind are written to a user within its lifetime: nobody's mailbox is flooded by strangers. */
export const MAILED_TOKENS_AT_ONCE = 5;

/** The answer to every token that is not good, whatever is wrong with it: nothing is to be learnt from the difference. */
export const oneTimeTokenRefused = (): DomainError =>
  new DomainError(identityProblems['one-time-token-invalid'], 'Ask for a new one and use the latest.');
