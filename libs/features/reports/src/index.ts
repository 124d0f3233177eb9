/** Reports: daily and monthly summaries of approved transactions, from read models of this feature's own. */
export * from './reports.feature';
