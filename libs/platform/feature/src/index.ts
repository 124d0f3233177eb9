/** The manifest by which a feature joins the system. */
export * from './define-feature';
export * from './exported-table';
export * from './in-turns';
export * from './property-projection';
export * from './timed-work';
export * from './timed-worker';
export * from './report-table';
