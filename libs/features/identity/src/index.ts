/** Identity: organizations, their users and what these may see, sign-in and sessions. */
export * from './begin-deletion/begin-deletion.store';
export * from './identity.feature';
export { findRecipient } from './mail-recipient.store';
