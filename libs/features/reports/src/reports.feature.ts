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
import { GetDailyReportHandler } from './get-daily-report/get-daily-report.query';
import { GetMonthlyReportHandler } from './get-monthly-report/get-monthly-report.query';
import { ListDateTransactionsHandler } from './list-date-transactions/list-date-transactions.query';
import { propertyCurrencies } from './property-currencies/property-currencies.projection';
import { ReportsController } from './reports.controller';
import { reportsMigrations } from './reports.migrations';

const touchesReports = ({ data }: RecordedEvent<string, TransactionSnapshot>) => [
  tags.dailyReport(data.propertyId, data.businessDay),
  tags.monthlyReport(data.propertyId, data.businessDay.slice(0, 7)),
];

export const reports = defineFeature({
  name: 'reports',
  migrations: reportsMigrations,
  queries: [GetDailyReportHandler, GetMonthlyReportHandler, ListDateTransactionsHandler],
  controllers: [ReportsController],
  projections: [dailySummary, dayTransactions, propertyCurrencies],
  touches: [TransactionApproved, TransactionReversed].map((eventType) => touch(eventType, touchesReports)),
});
