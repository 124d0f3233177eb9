import type { OperationsView } from '@innkeep/platform/feature';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * What operations and analytics look at, over all organizations, and how often it is refreshed: summaries by property every five
 * minutes, reports by day every quarter of an hour, reports by month every hour. They read the write model: a read model's table is
 * exchanged when it is rebuilt, and a view would stay with the old one.
 */
export const financeViews: readonly OperationsView[] = [
  { name: 'finance.finance_daily_summary', everySeconds: 5 * MINUTE },
  { name: 'finance.finance_monthly_summary', everySeconds: 5 * MINUTE },
  { name: 'finance.finance_daily_report', everySeconds: 15 * MINUTE },
  { name: 'finance.finance_monthly_report', everySeconds: HOUR },
];
