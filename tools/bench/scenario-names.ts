/** What is measured over HTTP, by the names that `--only` takes. */
export const scenarioNames = [
  'record-expense-32-organizations',
  'record-expense-1-organization',
  'monthly-report-cold',
  'monthly-report-cached',
  'monthly-report-304',
  'list-50',
  'list-50-with-slow-sockets',
  'record-expense-with-limits',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** What is measured of streams, by clients of its own. Only when it is asked for: it takes some minutes. */
export const suiteNames = ['realtime'] as const;

/** What is measured of the event log, on databases of its own. */
export const experimentNames = ['fold', 'latency', 'scale', 'purge', 'edge', 'lists'] as const;
export type ExperimentName = (typeof experimentNames)[number];
