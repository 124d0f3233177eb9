import {
  BusinessDayClosed,
  BusinessDayReopened,
  type RecordedEvent,
  type TransactionSnapshot,
  TransactionApprovalAdvanced,
  TransactionApproved,
  TransactionChanged,
  TransactionDeleted,
  TransactionPort,
  TransactionRecorded,
  TransactionRejected,
  TransactionReversed,
  tags,
} from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { AddApprovalRuleHandler } from './add-approval-rule/add-approval-rule.handler';
import { AddCategoryHandler } from './add-category/add-category.handler';
import { AddTaxHandler } from './add-tax/add-tax.handler';
import { ApprovalRulesController } from './approval-rules.controller';
import { CategoriesController } from './categories.controller';
import { ChangeCategoryHandler } from './change-category/change-category.handler';
import { CloseDayHandler } from './close-day/close-day.handler';
import { DayStore } from './day.store';
import { DaysController } from './days.controller';
import { expiringApprovals } from './expire-approval/expiring-approvals.timed';
import { ExpireApprovalHandler } from './expire-approval/expire-approval.handler';
import { FinanceRulesStore } from './finance-rules.store';
import { GetCategorySummaryHandler } from './get-category-summary/get-category-summary.query';
import { GetDayHandler } from './get-day/get-day.query';
import { ListApprovalRulesHandler } from './list-approval-rules/list-approval-rules.query';
import { ListCategoriesHandler } from './list-categories/list-categories.query';
import { ListDaysHandler } from './list-days/list-days.query';
import { ListTaxesHandler } from './list-taxes/list-taxes.query';
import { RemoveApprovalRuleHandler } from './remove-approval-rule/remove-approval-rule.handler';
import { RemoveTaxHandler } from './remove-tax/remove-tax.handler';
import { ReopenDayHandler } from './reopen-day/reopen-day.handler';
import { TaxesController } from './taxes.controller';
import { booksMigrations } from './books.migrations';
import { GetAuditBalancesHandler } from './get-audit-balances/get-audit-balances.query';
import { GetImportHandler } from './get-import/get-import.query';
import { ImportStore } from './import.store';
import { ImportTransactionsHandler } from './import-transactions/import-transactions.handler';
import { ImportsController } from './imports.controller';
import { ListImportsHandler } from './list-imports/list-imports.query';
import { modeDays } from './mode-days/mode-days.projection';
import { BalancesController } from './balances.controller';
import { ChangeTransactionHandler } from './change-transaction/change-transaction.handler';
import { DecideApprovalHandler } from './decide-approval/decide-approval.handler';
import { DecideApprovalsInBulkHandler } from './decide-approvals-in-bulk/decide-approvals-in-bulk.handler';
import { DeleteTransactionHandler } from './delete-transaction/delete-transaction.handler';
import { FinanceController } from './finance.controller';
import { financeExported } from './finance.exported';
import { financeMigrations } from './finance.migrations';
import { financeViews } from './finance.views';
import { GetFinanceSummaryHandler } from './get-summary/get-summary.query';
import { GetTransactionHandler } from './get-transaction/get-transaction.query';
import { ListPendingApprovalsHandler } from './list-pending-approvals/list-pending-approvals.query';
import { ListTodayPendingHandler } from './list-today-pending/list-today-pending.query';
import { ListTransactionsHandler } from './list-transactions/list-transactions.query';
import { PendingApprovalsController } from './pending-approvals.controller';
import { pendingApprovals } from './pending-approvals/pending-approvals.projection';
import { propertyCalendars } from './property-calendars/property-calendars.projection';
import { propertyNames } from './property-names/property-names.projection';
import { RecordTransactionHandler } from './record-transaction/record-transaction.handler';
import { RecordTransactionsInBulkHandler } from './record-transactions-in-bulk/record-transactions-in-bulk.handler';
import { ExpensesController, RevenuesController } from './transactions.controllers';
import { ReverseTransactionHandler } from './reverse-transaction/reverse-transaction.handler';
import { TransactionAnswers } from './transaction-answers.store';
import { TransactionDocuments } from './transaction-documents.store';
import { TransactionStore } from './transaction.store';
import { TransactionRoutes } from './transactions.routes';
import { transactionsTable } from './transactions-table/transactions-table.sql';

const touchesFinance = ({ organizationId, data }: RecordedEvent<string, TransactionSnapshot>) => [
  tags.organizationFinance(organizationId),
  tags.propertyFinance(data.propertyId),
  tags.financeSummary(data.propertyId),
  tags.financeList(data.kind, data.propertyId),
  tags.pendingApprovals(data.propertyId),
];

const touchesDay = ({ organizationId, propertyId }: RecordedEvent) => [
  tags.organizationFinance(organizationId),
  tags.propertyFinance(propertyId!),
];

export const finance = defineFeature({
  name: 'finance',
  migrations: [...financeMigrations, ...booksMigrations],
  commands: [
    RecordTransactionHandler,
    RecordTransactionsInBulkHandler,
    ChangeTransactionHandler,
    DeleteTransactionHandler,
    DecideApprovalHandler,
    DecideApprovalsInBulkHandler,
    ReverseTransactionHandler,
    CloseDayHandler,
    ReopenDayHandler,
    AddCategoryHandler,
    ChangeCategoryHandler,
    AddTaxHandler,
    RemoveTaxHandler,
    AddApprovalRuleHandler,
    RemoveApprovalRuleHandler,
    ExpireApprovalHandler,
    ImportTransactionsHandler,
  ],
  queries: [
    ListTransactionsHandler,
    GetTransactionHandler,
    GetFinanceSummaryHandler,
    ListPendingApprovalsHandler,
    ListTodayPendingHandler,
    GetCategorySummaryHandler,
    ListDaysHandler,
    GetDayHandler,
    ListCategoriesHandler,
    ListTaxesHandler,
    ListApprovalRulesHandler,
    GetAuditBalancesHandler,
    ListImportsHandler,
    GetImportHandler,
  ],
  controllers: [
    FinanceController,
    PendingApprovalsController,
    ExpensesController,
    RevenuesController,
    DaysController,
    CategoriesController,
    TaxesController,
    ApprovalRulesController,
    BalancesController,
    ImportsController,
  ],
  httpProviders: [TransactionRoutes],
  providers: [
    TransactionStore,
    FinanceRulesStore,
    DayStore,
    ImportStore,
    { provide: TransactionPort, useClass: TransactionAnswers },
  ],
  documentOwners: [TransactionDocuments],
  projections: [propertyNames, propertyCalendars, pendingApprovals, modeDays],
  touches: [
    ...[
      TransactionRecorded,
      TransactionChanged,
      TransactionDeleted,
      TransactionApprovalAdvanced,
      TransactionApproved,
      TransactionRejected,
      TransactionReversed,
    ].map((eventType) => touch(eventType, touchesFinance)),
    ...[BusinessDayClosed, BusinessDayReopened].map((eventType) => touch(eventType, touchesDay)),
  ],
  views: financeViews,
  timed: [expiringApprovals],
  reportTables: [transactionsTable],
  exported: financeExported,
});
