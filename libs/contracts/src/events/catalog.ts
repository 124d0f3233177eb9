import * as account from './account.events';
import * as branding from './branding.events';
import * as attendance from './attendance.events';
import * as businessDays from './business-days.events';
import * as cache from './cache.events';
import type { EventType } from './define-event';
import * as exporting from './exports.events';
import * as documents from './documents.events';
import * as finance from './finance.events';
import * as financeRules from './finance-rules.events';
import * as guests from './guests.events';
import * as identity from './identity.events';
import * as leave from './leave.events';
import * as organization from './organization.events';
import * as privacy from './privacy.events';
import * as properties from './properties.events';
import * as tasks from './tasks.events';
import * as units from './units.events';

const isEventType = (value: unknown): value is EventType =>
  typeof value === 'function' && 'type' in value && 'schema' in value;

/** Every event type of the product, by its name. A type that is not here cannot be recorded. */
export const eventCatalog: ReadonlyMap<string, EventType> = new Map(
  [
    identity,
    account,
    organization,
    properties,
    units,
    finance,
    guests,
    privacy,
    cache,
    tasks,
    branding,
    attendance,
    leave,
    financeRules,
    businessDays,
    exporting,
    documents,
  ]
    .flatMap((module) => Object.values(module) as unknown[])
    .filter(isEventType)
    .map((eventType) => [eventType.type, eventType]),
);
