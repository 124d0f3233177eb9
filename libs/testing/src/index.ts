/** For tests: a database of one's own, waiting without sleeping, and programs of the outside world. */
export * from './eventually';
export * from './gate';
export * from './master-keys';
export * from './organizations';
export * from './projections-under-test';
export * from './randomness';
export * from './sessions';
export * from './test-database';
export * from './varnish';
