import { projectProperties } from '@innkeep/platform/feature';

/** Which properties there are, what they are called and by which clock they live. */
export const propertyNames = projectProperties({
  name: 'staff_property_names',
  table: 'staff.property_names',
  columns: { name: "data->>'name'", time_zone: "data->>'timeZone'" },
});
