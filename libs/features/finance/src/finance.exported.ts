import type { Exported } from '@innkeep/platform/feature';

const derived = 'made from the transactions, which are there';

const transactionColumns = [
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
  ...['business_on', 'status', 'external_reference', 'reversal_of', 'reversed_by', 'recorded_by', 'recorded_at'],
  ...['decided_by', 'decided_at', 'decision_reason', 'tax', 'approval', 'deleted_at', 'version', 'recorded_version'],
];

/** The tables of finance in an export of an organization. */
export const financeExported: Exported = {
  tables: [
    {
      table: 'finance.transactions',
      columns: transactionColumns,
      withheld: { approval_due_at: 'the same is in approval' },
      key: ['id'],
    },
    {
      table: 'finance.days',
      columns: [
        ...['id', 'property_id', 'business_on', 'status', 'counts', 'note', 'closings', 'closed_by', 'closed_at'],
        ...['reopened_by', 'reopened_at', 'reopen_reason', 'version'],
      ],
      key: ['id'],
    },
    {
      table: 'finance.imports',
      columns: [
        ...['id', 'kind', 'property_id', 'row_count', 'recorded_count', 'known_count', 'sha256', 'imported_by'],
        ...['imported_at', 'version'],
      ],
      key: ['id'],
    },
    { table: 'finance.categories', columns: ['id', 'kind', 'name', 'archived_at', 'version'], key: ['id'] },
    {
      table: 'finance.taxes',
      columns: [
        ...['id', 'name', 'property_id', 'kind', 'category', 'rate_basis_points', 'is_inclusive', 'effective_on'],
        ...['removed_at', 'version'],
      ],
      key: ['id'],
    },
    {
      table: 'finance.approval_rules',
      columns: [
        ...['id', 'property_id', 'kind', 'currency', 'from_cents', 'to_cents', 'roles', 'forbids_own'],
        ...['timeout_hours', 'on_timeout', 'removed_at', 'version'],
      ],
      key: ['id'],
    },
  ],
  leftOut: {
    'finance.mode_days': derived,
    'finance.pending_approvals': derived,
    'finance.property_calendars': 'the same is among the properties',
    'finance.property_names': 'the same is among the properties',
  },
};
