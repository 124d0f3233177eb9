/**
 * Answers kept in process (first tier) and in Redis (second), forgotten by tag. Invariants: no answer from behind the asked position,
 * none replaced by an older one, none stored that was invalidated while it was loaded, none kept in process while invalidations
 * cannot be heard; one load for each key at a time; Redis that is gone or late is a miss.
 */
export * from './answer-cache';
export * from './answer-counts';
export * from './answer-tiers';
export * from './cache-warmer';
export * from './cached-answer';
export * from './hot-pages';
export * from './invalidations';
export * from './shared-answers';
