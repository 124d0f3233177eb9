import { projectProperties } from '@innkeep/platform/feature';

/** By which clock each property tells its business day. */
export const propertyCalendars = projectProperties({
  name: 'reports_property_calendars',
  table: 'reports.property_calendars',
  columns: { time_zone: "data->>'timeZone'", business_day_starts_at: "(data->>'businessDayStartsAt')::time" },
});
