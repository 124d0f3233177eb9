/**
 * Answers kept in process, forgotten by tag. Invariants: no answer from behind the asked position, none replaced by an older one,
 * none stored that was invalidated while it was loaded, none kept while invalidations cannot be heard.
 */
export * from './answer-cache';
export * from './invalidations';
