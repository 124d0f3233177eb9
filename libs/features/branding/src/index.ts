/** Branding: what an organization looks like, and what its clients have to know before anything else. */
export * from './branding.feature';
