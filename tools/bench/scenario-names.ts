/** What is measured, by the names that `--only` takes. */
export const scenarioNames = [
  'record-expense-32-organizations',
  'record-expense-1-organization',
  'monthly-report-cold',
  'monthly-report-cached',
  'monthly-report-304',
  'list-50',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];
