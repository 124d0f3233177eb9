// The secrets of this installation: made once, kept in DATA_DIR/secrets.json, readable by its owner only.
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Trouble } from './progress.mjs';

/** `size` random bytes as base64url. */
export const randomSecret = (size = 32) => randomBytes(size).toString('base64url');

/** A new Ed25519 key as a private JWK; its id is the key's RFC 7638 thumbprint. */
export function newSigningKey() {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const members = JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x });
  return { ...jwk, kid: createHash('sha256').update(members).digest('base64url'), alg: 'EdDSA', use: 'sig' };
}

/** A new 256-bit key as a symmetric JWK. */
export const newMasterKey = () => ({ kty: 'oct', kid: randomSecret(9), k: randomSecret() });

const makers = {
  postgresPassword: () => randomSecret(18),
  redisPassword: () => randomSecret(18),
  roleSecret: () => randomSecret(),
  tokenSecret: () => randomSecret(),
  signingKeys: () => [newSigningKey()],
  masterKeys: () => [newMasterKey()],
  operatorPassword: () => randomSecret(12),
};

/** All secrets of an installation, made anew and kept nowhere. */
export const newSecrets = () => Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, make()]));

async function readSecrets(file) {
  const text = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return '{}';
    throw new Trouble(`${file} cannot be read (${error.code}).`);
  });
  try {
    return JSON.parse(text);
  } catch {
    throw new Trouble(`${file} is damaged. Restore it, or delete the whole data folder to begin anew.`);
  }
}

/** The secrets of the installation, with the role secret of the environment where one is set. */
export async function loadSecrets(dataDir) {
  const secrets = await ensureSecrets(dataDir);
  return { ...secrets, roleSecret: process.env.DATABASE_ROLE_SECRET || secrets.roleSecret };
}

/** The environment's master keys, or the installation's own. */
export const masterKeysOf = (secrets) => process.env.MASTER_KEYS || JSON.stringify(secrets.masterKeys);

/** Reads the secrets and makes those that are missing. */
async function ensureSecrets(dataDir) {
  const file = join(dataDir, 'secrets.json');
  const secrets = await readSecrets(file);
  const missing = Object.keys(makers).filter((name) => secrets[name] === undefined);
  if (missing.length === 0) return secrets;
  for (const name of missing) secrets[name] = makers[name]();
  // Written beside and renamed: a half-written file would lock us out of our own database.
  await writeFile(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await chmod(`${file}.new`, 0o600);
  await rename(`${file}.new`, file);
  return secrets;
}
