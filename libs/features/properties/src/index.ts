/** Properties: what an organization runs, each with its zone, its currency and its business day. */
export * from './properties.feature';
/** What becomes of a unit, for whoever makes many of them at once. */
export * as unitDecisions from './unit';
