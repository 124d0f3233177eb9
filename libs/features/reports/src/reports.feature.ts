import {
  type RecordedEvent,
  TransactionApproved,
  TransactionReversed,
  type TransactionSnapshot,
  tags,
} from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { dailySummary } from './daily-summary/daily-summary.projection';
import { dayTransactions } from './day-transactions/day-transactions.projection';
import { DashboardController } from './dashboard.controller';
import { GetDailyReportHandler } from './get-daily-report/get-daily-report.query';
import { GetDashboardHandler } from './get-dashboard/get-dashboard.query';
import { GetMonthlyReportHandler } from './get-monthly-report/get-monthly-report.query';
import { GetProfitLossHandler } from './get-profit-loss/get-profit-loss.query';
import { GetYearlyReportHandler } from './get-yearly-report/get-yearly-report.query';
import { ListDateTransactionsHandler } from './list-date-transactions/list-date-transactions.query';
import { monthlySummary } from './monthly-summary/monthly-summary.projection';
import { ProfitLossController } from './profit-loss.controller';
import { profitLoss } from './profit-loss/profit-loss.projection';
import { propertyCalendars } from './property-calendars/property-calendars.projection';
import { propertyCurrencies } from './property-currencies/property-currencies.projection';
import { dailyReportTable, monthlyReportTable, profitLossTable } from './report-tables/report-tables.sql';
import { ReportsController } from './reports.controller';
import { reportsMigrations } from './reports.migrations';
import { WriteModel } from './write-model.store';
import { YearlyReportsController } from './yearly-reports.controller';

const touchesReports = ({ organizationId, data }: RecordedEvent<string, TransactionSnapshot>) => [
  tags.dashboard(organizationId),
  tags.profitLoss(data.propertyId, data.businessDay.slice(0, 4)),
  tags.dailyReport(data.propertyId, data.businessDay),
  tags.monthlyReport(data.propertyId, data.businessDay.slice(0, 7)),
  tags.yearlyReport(data.propertyId, data.businessDay.slice(0, 4)),
];

const derived = 'made from the transactions, which are there';

export const reports = defineFeature({
  name: 'reports',
  migrations: reportsMigrations,
  queries: [
    GetDailyReportHandler,
    GetMonthlyReportHandler,
    ListDateTransactionsHandler,
    GetProfitLossHandler,
    GetDashboardHandler,
    GetYearlyReportHandler,
  ],
  providers: [WriteModel],
  controllers: [ReportsController, YearlyReportsController, ProfitLossController, DashboardController],
  projections: [dailySummary, monthlySummary, profitLoss, dayTransactions, propertyCurrencies, propertyCalendars],
  reportTables: [dailyReportTable, monthlyReportTable, profitLossTable],
  exported: {
    tables: [],
    leftOut: {
      'reports.daily_summary': derived,
      'reports.day_transactions': derived,
      'reports.monthly_summary': derived,
      'reports.profit_loss': derived,
      'reports.property_calendars': 'the same is among the properties',
      'reports.property_currencies': 'the same is among the properties',
    },
  },
  touches: [TransactionApproved, TransactionReversed].map((eventType) => touch(eventType, touchesReports)),
});
