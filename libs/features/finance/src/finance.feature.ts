import {
  type RecordedEvent,
  type TransactionSnapshot,
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
import { ChangeTransactionHandler } from './change-transaction/change-transaction.handler';
import { DecideApprovalHandler } from './decide-approval/decide-approval.handler';
import { DecideApprovalsInBulkHandler } from './decide-approvals-in-bulk/decide-approvals-in-bulk.handler';
import { DeleteTransactionHandler } from './delete-transaction/delete-transaction.handler';
import { ExpensesController } from './expenses.controller';
import { FinanceController } from './finance.controller';
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
import { RevenuesController } from './revenues.controller';
import { ReverseTransactionHandler } from './reverse-transaction/reverse-transaction.handler';
import { TransactionAnswers } from './transaction-answers.store';
import { TransactionStore } from './transaction.store';
import { TransactionRoutes } from './transactions.routes';

const touchesFinance = ({ organizationId, data }: RecordedEvent<string, TransactionSnapshot>) => [
  tags.organizationFinance(organizationId),
  tags.propertyFinance(data.propertyId),
  tags.financeSummary(data.propertyId),
  tags.financeList(data.kind, data.propertyId),
  tags.pendingApprovals(data.propertyId),
];

const derived = 'made from the transactions, which are there';

export const finance = defineFeature({
  name: 'finance',
  migrations: financeMigrations,
  commands: [
    RecordTransactionHandler,
    RecordTransactionsInBulkHandler,
    ChangeTransactionHandler,
    DeleteTransactionHandler,
    DecideApprovalHandler,
    DecideApprovalsInBulkHandler,
    ReverseTransactionHandler,
  ],
  queries: [
    ListTransactionsHandler,
    GetTransactionHandler,
    GetFinanceSummaryHandler,
    ListPendingApprovalsHandler,
    ListTodayPendingHandler,
  ],
  controllers: [FinanceController, PendingApprovalsController, ExpensesController, RevenuesController],
  httpProviders: [TransactionRoutes],
  providers: [TransactionStore, { provide: TransactionPort, useClass: TransactionAnswers }],
  projections: [propertyNames, propertyCalendars, pendingApprovals],
  touches: [
    TransactionRecorded,
    TransactionChanged,
    TransactionDeleted,
    TransactionApproved,
    TransactionRejected,
    TransactionReversed,
  ].map((eventType) => touch(eventType, touchesFinance)),
  views: financeViews,
  exported: {
    tables: [
      {
        table: 'finance.transactions',
        columns: [
          ...[
            'id',
            'kind',
            'property_id',
            'amount_cents',
            'currency',
            'description',
            'category',
            'payment_mode',
            'occurred_at',
          ],
          ...[
            'business_on',
            'status',
            'external_reference',
            'reversal_of',
            'reversed_by',
            'recorded_by',
            'recorded_at',
          ],
          ...['decided_by', 'decided_at', 'decision_reason', 'deleted_at', 'version', 'recorded_version'],
        ],
        key: ['id'],
      },
    ],
    leftOut: {
      'finance.pending_approvals': derived,
      'finance.property_calendars': 'the same is among the properties',
      'finance.property_names': 'the same is among the properties',
    },
  },
});
