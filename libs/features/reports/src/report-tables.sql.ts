import { type Sql, rawSql } from '@innkeep/platform/database';

/** From where reports are read. */
export interface ReportTables {
  readonly currencies: Sql;
  readonly days: Sql;
  readonly months: Sql;
  readonly transactions: Sql;
}

/** From where the dashboard is read. */
export interface DashboardTables extends Pick<ReportTables, 'currencies' | 'days'> {
  readonly calendars: Sql;
}

/** From where profit and loss are read. */
export interface ProfitLossTables extends Pick<ReportTables, 'currencies'> {
  readonly categories: Sql;
}

/** The read models, from which they are read as a rule. */
export const readModels: ReportTables & DashboardTables & ProfitLossTables = {
  currencies: rawSql('reports.property_currencies'),
  calendars: rawSql('reports.property_calendars'),
  days: rawSql('reports.daily_summary'),
  months: rawSql('reports.monthly_summary'),
  transactions: rawSql('reports.day_transactions'),
  categories: rawSql('reports.profit_loss'),
};
