/**
 * Identity: organizations, their users and what these may see, sign-in and sessions. An address is known to the directory by its hash
 * (`hashEmail`), a password is kept as argon2id (`hashPassword`), a refresh or invitation token as the hash of its bytes.
 */
export { hashEmail, normalizeEmail } from './email';
export * from './identity.feature';
export { decoyHash, hashPassword, verifyPassword } from './password';
