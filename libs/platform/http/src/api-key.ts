import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PREFIX = 'ink_';
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 214 bits. */
const SECRET_LENGTH = 36;
const CHECK_LENGTH = 6;
const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${SECRET_LENGTH + CHECK_LENGTH}}$`);
const HINT_LENGTH = PREFIX.length + 4;

/** The checksum at the end of a key: a key that was cut or misspelt is recognized without asking anybody, also by scanners for leaks. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let check = '';
  for (let n = 0; n < CHECK_LENGTH; n++, rest = Math.floor(rest / LETTERS.length))
    check = LETTERS[rest % LETTERS.length] + check;
  return check;
}

/** A key for another program, recognizable by what it begins with. Shown once; kept only as a hash. */
export interface NewApiKey {
  readonly key: string;
  readonly hash: Buffer;
  /** How it begins: enough for people to tell their keys apart. */
  readonly hint: string;
}

/** A fast hash is enough for what nobody can guess. */
const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Makes a key up. */
export function newApiKey(): NewApiKey {
  const secret = Array.from({ length: SECRET_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const key = `${PREFIX}${secret}${checksumOf(PREFIX + secret)}`;
  return { key, hash: hashOf(key), hint: key.slice(0, HINT_LENGTH) };
}

/** Whether a bearer token is meant as an API key and not as an access token. */
export const looksLikeApiKey = (token: string): boolean => token.startsWith(PREFIX);

/** The hash that a key is found by, or undefined if it cannot be one of ours. */
export function readApiKey(key: string): Buffer | undefined {
  if (!FORM.test(key) || checksumOf(key.slice(0, -CHECK_LENGTH)) !== key.slice(-CHECK_LENGTH)) return undefined;
  return hashOf(key);
}
