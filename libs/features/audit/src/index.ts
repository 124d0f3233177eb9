/** The audit log: who changed what, and what it was before, in a chain of hashes that shows when somebody has changed it. */
export * from './audit.feature';
export { type Digested, digest, link } from './entries/digest';
export * from './verify-chain/verify-chain.query';
