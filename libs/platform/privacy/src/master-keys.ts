import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { KEY_BYTES, closeBox, openBox } from './boxes';

const schema = z
  .array(
    z.object({
      kty: z.literal('oct'),
      kid: z.string().min(1).max(100),
      k: z
        .base64url()
        .transform((text) => Buffer.from(text, 'base64url'))
        .refine(({ length }) => length === KEY_BYTES, `is a key of ${KEY_BYTES} bytes`),
    }),
  )
  .min(1)
  .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, 'name each key once');

/** The configuration lacks a master key, or has another one under its id: nothing is wrong with the data. */
export class MasterKeyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MasterKeyError';
  }
}

/** A subject's key as it is kept: wrapped by the master key with this id. */
export interface WrappedKey {
  readonly masterKey: string;
  readonly wrapped: Buffer;
}

/** Whose key it is; bound to the wrapped key, so that it opens nowhere else. */
export interface KeyOwner {
  readonly organizationId: number;
  /** The subject's name. */
  readonly subject: string;
}

const belongsTo = ({ organizationId, subject }: KeyOwner) => ['subject-key', organizationId, subject];

/**
 * The keys that wrap the keys of the subjects. The first wraps; all unwrap, so that one can follow another without a moment in which
 * something cannot be read.
 */
export class MasterKeys {
  private readonly byId: ReadonlyMap<string, Buffer>;

  private constructor(
    /** The id of the key that wraps. */
    readonly current: string,
    keys: readonly (readonly [id: string, key: Buffer])[],
  ) {
    this.byId = new Map(keys);
  }

  /** From a JSON array of symmetric JWKs (RFC 7518, 6.4): `kty` oct, `kid`, and `k`, 32 bytes in base64url. */
  static fromJson(text: string): MasterKeys {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      throw new MasterKeyError('MASTER_KEYS is not JSON');
    }
    const { data, error } = schema.safeParse(json);
    // The values stay unsaid: messages end up in logs.
    if (!data)
      throw new MasterKeyError(
        `MASTER_KEYS: ${error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join(', ')}`,
      );
    return new MasterKeys(
      data[0]!.kid,
      data.map(({ kid, k }) => [kid, k] as const),
    );
  }

  get ids(): string[] {
    return [...this.byId.keys()];
  }

  wrap(owner: KeyOwner, key: Buffer): WrappedKey {
    return { masterKey: this.current, wrapped: closeBox(this.get(this.current), belongsTo(owner), key) };
  }

  unwrap(owner: KeyOwner, { masterKey, wrapped }: WrappedKey): Buffer {
    return openBox(this.get(masterKey), belongsTo(owner), wrapped);
  }

  /** By what a key is recognized without being told: another key under the same id has another one. */
  fingerprint(id: string): Buffer {
    return createHmac('sha256', this.get(id)).update('innkeep master key').digest();
  }

  private get(id: string): Buffer {
    const key = this.byId.get(id);
    if (!key) throw new MasterKeyError(`MASTER_KEYS has no key with the id ${id}, which wraps keys of subjects`);
    return key;
  }
}
