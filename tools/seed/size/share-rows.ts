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
