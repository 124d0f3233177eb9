import { projectProperties } from '@innkeep/platform/feature';

/** Which properties there are, and by which clock each tells its business day. */
export const propertyCalendars = projectProperties({
  name: 'guests_property_calendars',
  table: 'guests.property_calendars',
  columns: { time_zone: "data->>'timeZone'", business_day_starts_at: "(data->>'businessDayStartsAt')::time" },
});
