import { characters } from '@innkeep/contracts';
import { type Options, hash, verify } from '@node-rs/argon2';
import { isCommonPassword } from './common-passwords';

/** argon2id at the least that the OWASP Password Storage Cheat Sheet asks for: 19 MiB, two passes, one lane. */
const parameters: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * A hash that no password is known for, made with the parameters above. Checking against it takes as long as checking against a
 * real one, so that the time of an answer does not tell whether an address has an account.
 */
export const decoyHash =
  '$argon2id$v=19$m=19456,t=2,p=1$FpkyglPJJg1dy4H5UpXTIQ$wlW2ozy/IKU2BReEwuPuwDnLGcHIThyGkTGrhLOZQr4';

export const newPassword = characters(10, 200)
  .refine((password) => !isCommonPassword(password), 'is among the passwords that are tried first')
  .describe('10 to 200 characters of any kind, but for common passwords; a sentence is a good choice');

// The same password typed on two keyboards may arrive in two normalization forms.
const normalize = (password: string) => password.normalize('NFKC');

export const hashPassword = (password: string): Promise<string> => hash(normalize(password), parameters);

export const verifyPassword = (passwordHash: string, password: string): Promise<boolean> =>
  verify(passwordHash, normalize(password));
