import { projectProperties } from '@innkeep/platform/feature';

/** What the properties are called, for the board, and which there are. */
export const propertyNames = projectProperties({
  name: 'tasks_property_names',
  table: 'tasks.property_names',
  columns: { name: "data->>'name'" },
});
