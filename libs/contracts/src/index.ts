/**
 * What features, platform and clients agree on: who calls (principal), what happened (event types), what goes wrong (problems),
 * what is cached how long and under which tags, and what one feature may ask of another (read ports). Depends on zod alone.
 */
export * from './business-day';
export * from './cache-families';
export * from './canonical-json';
export * from './events/account.events';
export * from './events/branding.events';
export * from './events/attendance.events';
export * from './events/business-days.events';
export * from './events/cache.events';
export * from './events/catalog';
export * from './events/define-event';
export * from './events/exports.events';
export * from './events/finance-rules.events';
export * from './events/documents.events';
export * from './events/finance.events';
export * from './events/guests.events';
export * from './events/identity.events';
export * from './events/leave.events';
export * from './events/organization.events';
export * from './events/personal-fields';
export * from './events/privacy.events';
export * from './events/properties.events';
export * from './events/tasks.events';
export * from './events/units.events';
export * from './live-events';
export * from './ports/guest-port';
export * from './ports/member-port';
export * from './ports/document-owner-port';
export * from './ports/property-port';
export * from './ports/quota-port';
export * from './ports/sql';
export * from './ports/storage-port';
export * from './ports/task-port';
export * from './ports/transaction-port';
export * from './ports/unit-port';
export * from './principal';
export * from './problems';
export * from './report-exports';
export * from './tags';
export * from './task-words';
export * from './text';
