/** Telemetry: one logger for each process, metrics by the field's usual names, no organization and no secret in either's labels. */
export * from './logger';
export * from './health';
export * from './http-metrics';
export * from './stale-reads';
