import { projectProperties } from '@innkeep/platform/feature';

/** What the properties are called, for lists of transactions. */
export const propertyNames = projectProperties({
  name: 'finance_property_names',
  table: 'finance.property_names',
  columns: { name: "data->>'name'" },
});
