/** Analytics: how properties did in a period, in money, nights and rates, beside another period. */
export * from './analytics.feature';
