/** How the product is put together: the list of features, and what all three apps build from it. */
export * from './cached-routes';
export * from './explained-cache';
export * from './exported';
export * from './features';
export * from './files';
export * from './lag';
export * from './migrations';
export * from './platform.module';
export * from './probes';
export * from './reactors';
export * from './run-sidecar';
export * from './wiring';
