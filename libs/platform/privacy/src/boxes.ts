import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** How many bytes a key has. */
export const KEY_BYTES = 32;

/** What a box belongs to, in one spelling that no two different lists share. */
const bytesOf = (belongsTo: readonly (string | number)[]): Buffer => Buffer.from(JSON.stringify(belongsTo));

/** Closes content in a box (AES-256-GCM) that opens only with the same key, and only where it belongs. */
export function closeBox(key: Buffer, belongsTo: readonly (string | number)[], content: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bytesOf(belongsTo));
  const closed = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), closed]);
}

/** Opens a box; throws if it was changed, belongs elsewhere or was closed with another key. */
export function openBox(key: Buffer, belongsTo: readonly (string | number)[], box: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(bytesOf(belongsTo))
    .setAuthTag(box.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(box.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
}
