import type { TimedWork } from '@innkeep/platform/feature';
import { ExpireApproval } from './expire-approval.command';

/** Steps of approval that were waited for too long. */
export const expiringApprovals: TimedWork = {
  name: 'expire-approvals',
  everySeconds: 15,
  due: 'finance.due_approvals',
  command: (context, id, now) => new ExpireApproval(context, id, now),
};
