import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keys for different purposes, all derived from one secret of the installation. Knowing one of them tells nothing of the others. */
export class SecretKeys {
  private readonly derived = new Map<string, Buffer>();

  constructor(private readonly secret: string) {}

  /** The key for a purpose: 32 bytes, the same in every process that has the secret. */
  for(purpose: string): Buffer {
    let key = this.derived.get(purpose);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', this.secret, 'innkeep', purpose, 32));
      this.derived.set(purpose, key);
    }
    return key;
  }

  /** Encrypts (AES-256-GCM). What it belongs to is bound to it: elsewhere it does not open. */
  seal(purpose: string, belongsTo: string, content: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.for(purpose), nonce).setAAD(Buffer.from(belongsTo));
    const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Opens what was sealed; throws if it was changed, belongs to something else, or was sealed with another secret. */
  open(purpose: string, belongsTo: string, sealed: Buffer): Buffer {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.for(purpose), nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(belongsTo))
      .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  }
}
