import { createHash, randomBytes, randomInt } from 'node:crypto';
import { DomainError } from '@innkeep/contracts';
import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';
import { identityProblems } from './identity.problems';

/** 160 bits, as RFC 4226 recommends. */
const SECRET_BYTES = 20;
const PERIOD_SECONDS = 30;
const ISSUER = 'Innkeep';
export const RECOVERY_CODES = 10;
/** 24 letters of 32: 120 bits, so that a fast hash is enough to keep them by (OWASP ASVS 5, 6.5.2). */
const CODE_GROUPS = 6;
const GROUP_LENGTH = 4;
/** Crockford's: without letters that are taken for one another. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
/** So many wrong codes end a sign-in: it begins again with the password. */
export const CODES_FOR_A_CHALLENGE = 5;

/** What guesses at a user's codes are counted by, wherever they are made. */
export const attemptsWithCode = (userId: number): string => `code ${userId}`;

export const newSecret = (): Buffer => randomBytes(SECRET_BYTES);

const authenticator = (secret: Buffer, label = 'user') =>
  new TOTP({
    issuer: ISSUER,
    label,
    secret: new Secret({ buffer: new Uint8Array(secret).buffer }),
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_SECONDS,
  });

/** What an authenticator app takes: the secret to type, and the same as a link to show as a picture. */
export function enrolment(secret: Buffer, label: string): { readonly secret: string; readonly uri: string } {
  const app = authenticator(secret, label);
  return { secret: app.secret.base32, uri: app.toString() };
}

/**
 * The step of 30 seconds that a code belongs to, if it is right and was not used: a clock may be one step off, and nothing up to the
 * last step that was used is taken again (RFC 6238, 5.2).
 */
export function acceptedStep(secret: Buffer, code: string, lastStep: number, now: Date): number | undefined {
  const delta = authenticator(secret).validate({ token: code, timestamp: now.getTime(), window: 1 });
  if (delta === null) return undefined;
  const step = Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta;
  return step > lastStep ? step : undefined;
}

const newGroup = () => Array.from({ length: GROUP_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** Codes to sign in with when the authenticator is lost, each of them once. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => Array.from({ length: CODE_GROUPS }, newGroup).join('-'));

/** The hash that a recovery code is kept by, however it was typed. */
export const hashRecoveryCode = (code: string): Buffer =>
  createHash('sha256')
    .update(
      code
        .toLowerCase()
        .replace(/[^a-z0-9]/g, '')
        .replace(/o/g, '0')
        .replace(/[il]/g, '1'),
    )
    .digest();

/** Whether what was given is meant as a code of the authenticator, and not as a recovery code. */
export const isAuthenticatorCode = (code: string): boolean => /^\d{6}$/.test(code);

export const secondFactorCode = z
  .string()
  .trim()
  .min(6)
  .max(60)
  .describe('The code that the authenticator app shows, or one of the recovery codes');

export const codeRefused = (): DomainError =>
  new DomainError(
    identityProblems['second-factor-invalid'],
    'Give the code that the app shows now. Each is taken once.',
  );

export const factorIsOff = (): DomainError =>
  new DomainError(identityProblems['second-factor-state'], 'No second factor is turned on. Enrol one first.');
