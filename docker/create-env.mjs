// Prints docker/.env: docker/.env.example with fresh secrets where it is empty. With `--urls <address>` prints only the connections
// of the processes, derived from DATABASE_ROLE_SECRET, for another server or after a change of the secret.
import { createHmac, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

const apps = ['api', 'projector', 'worker'];
const random = () => randomBytes(32).toString('base64url');

/** The same derivation as in libs/platform/database/src/role-urls.ts, without a build. */
function roleUrl(address, app, secret) {
  const url = new URL(address);
  url.username = `innkeep_${app}`;
  url.password = createHmac('sha256', secret).update(url.username).digest('base64url');
  return url.toString();
}

const connections = (address, secret) =>
  Object.fromEntries(apps.map((app) => [`${app.toUpperCase()}_DATABASE_URL`, roleUrl(address, app, secret)]));

function signingKeys() {
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return `'${JSON.stringify([{ ...key, alg: 'EdDSA', use: 'sig', kid: randomUUID() }])}'`;
}

const masterKeys = () => `'${JSON.stringify([{ kty: 'oct', kid: randomUUID(), k: random() }])}'`;

function freshValues() {
  const roleSecret = random();
  return {
    POSTGRES_PASSWORD: random(),
    DATABASE_ROLE_SECRET: roleSecret,
    ...connections('postgres://postgres:5432/innkeep', roleSecret),
    SIGNING_KEYS: signingKeys(),
    TOKEN_SECRET: random(),
    MASTER_KEYS: masterKeys(),
  };
}

const [option, address] = process.argv.slice(2);
if (option === '--urls' && address && process.env.DATABASE_ROLE_SECRET) {
  const lines = Object.entries(connections(address, process.env.DATABASE_ROLE_SECRET));
  process.stdout.write(lines.map(([name, value]) => `${name}=${value}\n`).join(''));
} else if (option) {
  process.stderr.write(`usage: node docker/create-env.mjs > docker/.env
       DATABASE_ROLE_SECRET=... node docker/create-env.mjs --urls postgres://HOST:5432/DATABASE\n`);
  process.exitCode = 2;
} else {
  const values = freshValues();
  const example = readFileSync(new URL('.env.example', import.meta.url), 'utf8');
  process.stdout.write(example.replace(/^([A-Z_]+)=$/gm, (line, name) => (values[name] ? line + values[name] : line)));
}
