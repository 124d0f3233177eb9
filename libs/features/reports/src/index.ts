/** Reports: summaries of approved transactions by day, month and category, and the dashboard, from read models of this feature's own. */
export * from './reports.feature';
