import { CorrectionRejected, CorrectionRequested, ShiftCorrected, SubjectErased } from '@innkeep/contracts';
import { defineProjection } from '@innkeep/platform/events';
import { foldRequests } from '../request-list.sql';

/** Corrections of shifts, with the words of people. */
export const correctionList = defineProjection({
  name: 'staff_correction_list',
  version: 1,
  events: [CorrectionRequested, ShiftCorrected, CorrectionRejected, SubjectErased],
  table: 'staff.correction_list',
  fold: (batch, table) =>
    foldRequests(batch, table, {
      member: 'correctionId',
      column: 'correction_id',
      requested: 'CorrectionRequested',
      decisions: { ShiftCorrected: 'approved', CorrectionRejected: 'rejected' },
      columns: {
        shift_id: `(data->>'shiftId')::uuid`,
        started_at: `(data->>'startedAt')::timestamptz`,
        ended_at: `(data->>'endedAt')::timestamptz`,
      },
    }),
});
