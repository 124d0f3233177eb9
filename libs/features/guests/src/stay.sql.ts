import { type Sql, rawSql, sql } from '@innkeep/platform/database';

const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const listed = `'id', s.id, 'propertyId', s.property_id, 'status', s.status, 'guestName', s.guest_name, 'country', s.country, 'adults', s.adults,
  'children', s.children, 'partySize', s.adults + s.children, 'unitIds', s.unit_ids, 'arrivesOn', s.arrives_on, 'departsOn', s.departs_on,
  'arrivedOn', s.arrived_on, 'departedOn', s.departed_on, 'checkedInAt', ${instant('s.checked_in_at')},
  'checkedOutAt', ${instant('s.checked_out_at')}, 'externalReference', s.external_reference`;

/** A stay as lists show it, from the row `s`. */
export const listedStayJson = rawSql(`json_build_object(${listed}, 'version', s.version)`);

const masked = (column: string) => `case when ${column} is null then null else '•••' end`;

/** A stay as it is shown by itself, from the row `s` and what is kept of the identity in `i`. */
export const stayJson = (showsContact: boolean): Sql =>
  rawSql(`json_build_object(${listed},
  'email', ${showsContact ? 's.email' : masked('s.email')}, 'phone', ${showsContact ? 's.phone' : masked('s.phone')},
  'cancelledAt', ${instant('s.cancelled_at')}, 'cancellationReason', s.cancellation_reason,
  'identity', case when i.stay_id is not null then json_build_object('documentType', i.document_type, 'number', i.number_ending,
    'keptUntil', case when s.status = 'in-house' then null else ${instant('i.ends_at')} end) end,
  'erasedAt', ${instant('s.erased_at')})`);

/** Whether a property that a filter names is one of the organization's; without one there is nothing to know. */
export const knownProperty = (bucket: number, organizationId: number, propertyId: number | undefined): Sql =>
  propertyId === undefined
    ? rawSql('true')
    : sql`exists (select from guests.property_calendars where bucket = ${bucket} and organization_id = ${organizationId} and property_id = ${propertyId})`;
