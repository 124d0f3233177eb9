import { createHash } from 'node:crypto';
import { commonPasswordHashes } from './common-password-hashes';

const HASH_BYTES = 5;
/** A password that repeats so few characters says no more than these. */
const LONGEST_REPEATED = 4;

const known: ReadonlySet<string> = new Set(
  Buffer.from(commonPasswordHashes.replaceAll('\n', ''), 'base64url')
    .toString('hex')
    .match(new RegExp(`.{${HASH_BYTES * 2}}`, 'g')),
);

const isKnown = (word: string) =>
  known.has(createHash('sha256').update(word).digest().subarray(0, HASH_BYTES).toString('hex'));

function repeatsItself(text: string): boolean {
  for (let length = 1; length <= LONGEST_REPEATED; length++)
    if (
      text
        .slice(0, length)
        .repeat(Math.ceil(text.length / length))
        .slice(0, text.length) === text
    )
      return true;
  return false;
}

/**
 * Whether a password is among the first that anybody would try: a common one in any case, a common word with digits and signs around
 * it, or a few characters over and over (OWASP ASVS 5, 6.2.4 and 6.2.11).
 */
export function isCommonPassword(password: string): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  const word = /\p{L}(?:.*\p{L})?/su.exec(text)?.[0] ?? '';
  return isKnown(text) || isKnown(word) || repeatsItself(text);
}
