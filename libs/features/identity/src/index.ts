/** Identity: organizations, their users and what these may see, sign-in and sessions. */
export * from './identity.feature';
