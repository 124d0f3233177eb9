/**
 * Personal data in a log that is never edited: what events say of a *subject* is *sealed*, field by field, with a key of that subject's
 * own; the key is kept *wrapped* by a *master key* of the installation. Erasing a subject destroys its key.
 *
 * Invariants: a personal field is never written in the clear; a box opens only where it was closed (organization, subject, event type,
 * field); a destroyed key is never brought back or replaced; what was sealed with it reads as `erased`, for everybody and for ever. A
 * key that never was is a fault of the data, a master key that is not configured a fault of the process.
 */
export * from './master-key-check';
export * from './master-key-rotation';
export * from './master-keys';
export * from './open-events';
export * from './privacy.migrations';
export * from './sealed-columns';
export * from './sealed-fields';
export * from './subject-keys';
export * from './subject-sealer';
