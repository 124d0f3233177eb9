/** For tests: a database of one's own, waiting without sleeping, and programs of the outside world. */
export * from './app-process';
export * from './eventually';
export * from './free-ports';
export * from './gate';
export * from './master-keys';
export * from './organizations';
export * from './pgbouncer';
export * from './projections-under-test';
export * from './randomness';
export * from './reaper';
export * from './sessions';
export * from './test-database';
export * from './varnish';
export * from './event-stream';
export * from './live-client';
