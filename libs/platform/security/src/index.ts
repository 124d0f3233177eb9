/**
 * Credentials: an address is known to the directory by its hash (`hashEmail`), a password is kept as argon2id (`hashPassword`) and
 * checked in the same time whether there is an account or not (`decoyHash`). Keys for what has to be
 * sealed or derived come from one secret (`SecretKeys`).
 */
export * from './common-passwords';
export * from './email';
export * from './password';
export * from './secret-keys';
