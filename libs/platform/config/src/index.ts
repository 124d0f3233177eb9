/** Configuration: every process reads its environment once, at its start, through one schema. */
export * from './environment';
