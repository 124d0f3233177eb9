import { liveServices, quotas, roles, taskPriorities, taskStatuses, transactionSnapshot } from '@innkeep/contracts';
import { fonts } from './theme';

/** What clients offer to choose from: the words that this version of the API takes and gives. */
export const words = {
  roles,
  transactionKinds: transactionSnapshot.shape.kind.options,
  transactionStatuses: transactionSnapshot.shape.status.options,
  taskStatuses,
  taskPriorities,
  quotas,
  liveServices,
  fonts,
  currencies: Intl.supportedValuesOf('currency'),
} as const;
