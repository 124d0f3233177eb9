import { CopyRows } from './copy-rows';

const tenant = ['bucket', 'organization_id'];

/** The rows of a share by table, in an order in which each finds what it refers to. */
export class ShareRows {
  readonly organizationRoutes = new CopyRows('directory.organizations', ['organization_id', 'bucket']);
  readonly signIns = new CopyRows('directory.sign_ins', ['email_hash', 'organization_id', 'user_id', 'is_confirmed']);
  readonly propertyRoutes = new CopyRows('directory.properties', ['property_id', 'organization_id']);
  readonly organizations = new CopyRows('identity.organizations', [...tenant, 'name', 'version']);
  readonly users = new CopyRows('identity.users', [
    ...tenant,
    ...['id', 'email', 'name', 'role', 'status', 'has_all_properties', 'permission_epoch', 'password_hash', 'version'],
  ]);
  readonly assignments = new CopyRows('identity.property_assignments', [...tenant, 'user_id', 'property_id']);
  readonly subjectKeys = new CopyRows('privacy.subject_keys', [...tenant, 'subject', 'wrapped_key', 'master_key']);
  readonly properties = new CopyRows('properties.properties', [
    ...tenant,
    ...['id', 'name', 'time_zone', 'currency', 'business_day_starts_at', 'version'],
  ]);
  readonly transactions = new CopyRows('finance.transactions', [
    ...tenant,
    ...['id', 'kind', 'property_id', 'amount_cents', 'currency', 'description', 'category', 'payment_mode'],
    ...['occurred_at', 'business_on', 'status', 'external_reference', 'recorded_by', 'decided_by', 'decided_at'],
    ...['decision_reason', 'version', 'recorded_version', 'recorded_at'],
  ]);
  readonly units = new CopyRows('properties.units', [
    ...[...tenant, 'id', 'property_id', 'name', 'unit_type', 'capacity', 'in_service_from', 'in_service_until'],
    ...['out_of_order', 'version'],
  ]);
  readonly stays = new CopyRows('guests.stays', [
    ...[...tenant, 'id', 'property_id', 'status', 'guest_name', 'email', 'phone', 'country', 'adults', 'children'],
    ...['unit_ids', 'arrives_on', 'departs_on', 'arrived_on', 'departed_on', 'checked_in_at', 'checked_out_at'],
    ...['cancelled_at', 'cancellation_reason', 'external_reference', 'erased_at', 'version'],
  ]);
  readonly unitHolds = new CopyRows('guests.unit_holds', [...tenant, 'stay_id', 'unit_id', 'days', 'is_in_house']);
  readonly shifts = new CopyRows('staff.shifts', [
    ...[...tenant, 'id', 'user_id', 'property_id', 'business_on', 'started_at', 'ended_at', 'closes_at'],
    ...['worked_seconds', 'late_minutes', 'is_forgotten', 'is_corrected', 'began_inside', 'ended_inside', 'version'],
  ]);
  readonly leaveTypes = new CopyRows('staff.leave_types', [
    ...[...tenant, 'id', 'name', 'is_paid', 'half_days_per_year', 'carry_over_half_days', 'is_retired', 'version'],
  ]);
  readonly leaveRequests = new CopyRows('staff.leave_requests', [
    ...[...tenant, 'id', 'user_id', 'property_id', 'leave_type_id', 'from_on', 'to_on', 'starts_at_noon'],
    ...['ends_at_noon', 'half_days', 'months', 'status', 'requested_by', 'decided_by', 'version'],
  ]);
  readonly tasks = new CopyRows('tasks.tasks', [
    ...[
      ...tenant,
      'id',
      'property_id',
      'title',
      'description',
      'status',
      'priority',
      'assignee_id',
      'due_on',
      'due_at',
    ],
    ...['due_by', 'remind_minutes', 'remind_at', 'checklist', 'recurrence', 'series_id', 'occurrence', 'next_on'],
    ...['next_at', 'created_by', 'created_at', 'finished_at', 'version'],
  ]);
  readonly comments = new CopyRows('tasks.comments', [
    ...[...tenant, 'task_id', 'id', 'author_id', 'text', 'written_at', 'version'],
  ]);
  readonly log = new CopyRows('events.log', [
    ...['bucket', 'position', 'organization_id', 'version', 'recorded_at', 'type', 'schema_version', 'property_id'],
    ...['entity_id', 'actor_id', 'request_id', 'data'],
  ]);
  readonly audit = new CopyRows('audit.entries', [
    ...[...tenant, 'version', 'recorded_at', 'type', 'schema_version', 'property_id', 'entity_type', 'entity_id'],
    ...['actor_id', 'request_id', 'data', 'hash'],
  ]);
  readonly heads = new CopyRows('events.organization_heads', [...tenant, 'version', 'position']);

  readonly all: readonly CopyRows[] = [
    this.organizationRoutes,
    this.signIns,
    this.propertyRoutes,
    this.organizations,
    this.users,
    this.assignments,
    this.subjectKeys,
    this.properties,
    this.transactions,
    this.units,
    this.stays,
    this.unitHolds,
    this.shifts,
    this.leaveTypes,
    this.leaveRequests,
    this.tasks,
    this.comments,
    this.log,
    this.audit,
    this.heads,
  ];

  get count(): number {
    return this.all.reduce((sum, { count }) => sum + count, 0);
  }

  /** To be asked once the rows were sent. */
  get bytes(): number {
    return this.all.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
