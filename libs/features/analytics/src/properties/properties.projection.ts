import { projectProperties } from '@innkeep/platform/feature';

/** Which properties there are, and in which currency they count. */
export const properties = projectProperties({
  name: 'analytics_properties',
  table: 'analytics.properties',
  columns: { currency: "data->>'currency'" },
});
