/** Jobs and the Redis behind them: connections by purpose, queue names, and how a keyed job is debounced. */
export * from './queues';
export * from './redis';
