import { projectProperties } from '@innkeep/platform/feature';

/** Which properties there are, and in which currency their reports are. */
export const propertyCurrencies = projectProperties({
  name: 'reports_property_currencies',
  table: 'reports.property_currencies',
  columns: { currency: "data->>'currency'" },
});
