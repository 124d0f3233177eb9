import type { Exported } from '@innkeep/platform/feature';

const derived = 'made from shifts and leave requests, which are there';
const inReadModel = 'the same is in the list, with the words of people';

/** What an organization takes along of the times of its people. */
export const staffExported: Exported = {
  tables: [
    {
      table: 'staff.attendance',
      columns: [
        ...['shift_id', 'user_id', 'property_id', 'business_on', 'started_at', 'ended_at', 'worked_seconds'],
        ...['late_minutes', 'is_forgotten', 'is_corrected', 'began_inside', 'ended_inside', 'version'],
      ],
      withheld: {
        began_at_place: 'forgotten after a while, which a file would not be',
        ended_at_place: 'forgotten after a while, which a file would not be',
        location_month: 'of use for forgetting places',
      },
      key: ['shift_id'],
    },
    {
      table: 'staff.correction_list',
      columns: [
        ...['correction_id', 'shift_id', 'user_id', 'property_id', 'started_at', 'ended_at', 'status', 'requested_by'],
        ...['requested_at', 'requested_version', 'reason', 'decided_by', 'decision_reason'],
      ],
      key: ['correction_id'],
    },
    {
      table: 'staff.leave_list',
      columns: [
        ...['leave_request_id', 'user_id', 'property_id', 'leave_type_id', 'from_on', 'to_on', 'starts_at_noon'],
        ...['ends_at_noon', 'half_days', 'status', 'requested_by', 'requested_at', 'requested_version', 'reason'],
        ...['decided_by', 'decision_reason'],
      ],
      key: ['leave_request_id'],
    },
    {
      table: 'staff.leave_types',
      columns: [
        'id',
        'name',
        'is_paid',
        'half_days_per_year',
        'accrual',
        'carry_over_half_days',
        'is_retired',
        'version',
      ],
      key: ['id'],
    },
    {
      table: 'staff.leave_grants',
      columns: ['id', 'user_id', 'leave_type_id', 'year', 'half_days', 'granted_by', 'granted_at', 'version'],
      key: ['id'],
    },
    {
      table: 'staff.property_rules',
      columns: ['property_id', 'rules', 'version'],
      key: ['property_id'],
    },
  ],
  leftOut: {
    'staff.attendance_months': derived,
    'staff.corrections': inReadModel,
    'staff.leave_months': derived,
    'staff.leave_requests': inReadModel,
    'staff.location_months': 'work under way',
    'staff.people': 'the same is among the users',
    'staff.property_names': 'the same is among the properties',
    'staff.shifts': inReadModel,
  },
};
