export * from './family-step';
export * from './leak-probe';
export * from './probe-environment';
export * from './probe-window';
export * from './rollback';
export * from './watched-limits';
