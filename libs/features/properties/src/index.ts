/** Properties: what an organization runs, each with its zone, its currency and its business day. */
export * from './properties.feature';
