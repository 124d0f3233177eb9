import { projectProperties } from '@innkeep/platform/feature';

/** By which clock each property tells its business day, as this feature has learnt it from events. */
export const propertyCalendars = projectProperties({
  name: 'finance_property_calendars',
  table: 'finance.property_calendars',
  columns: { time_zone: "data->>'timeZone'", business_day_starts_at: "(data->>'businessDayStartsAt')::time" },
});
