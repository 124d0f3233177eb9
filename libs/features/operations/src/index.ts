/** Operations: what the people who run the system look at and set going. */
export * from './operations.feature';
export { type ViewFreshness, readViews } from './views.query';
