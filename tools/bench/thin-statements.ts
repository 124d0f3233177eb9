import type { Principal } from '@innkeep/contracts';
import type { Sql } from '@innkeep/platform/database';
import type { Feature } from '@innkeep/platform/feature';
import { finance } from '@innkeep/features/finance';
import { reports } from '@innkeep/features/reports';
import { type BenchOrganization, month } from './seed-organizations';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

type Statements = (route: { bucket: number }) => Sql;

/** The statement that a query's own handler runs, caught on its way to the database: nothing here can drift from the product. */
function statementOf(feature: Feature, handler: string, query: object, { bucket }: BenchOrganization): Statement {
  const type = feature.queries?.find(({ name }) => name === handler);
  if (!type) throw new Error(`the feature ${feature.name} has no ${handler}`);
  let caught: Sql | undefined;
  const reader = { read: (_request: unknown, statement: Statements) => void (caught = statement({ bucket })) };
  (new type(reader) as { execute(query: object): unknown }).execute(query);
  return caught!.compile();
}

export const reportStatement = (organization: BenchOrganization): Statement => {
  const { organizationId, propertyId } = organization;
  const query = { organizationId, filter: { propertyId, ...month }, minPosition: 0, tags: [] };
  return statementOf(reports, 'GetMonthlyReportHandler', query, organization);
};

export const listStatement = (organization: BenchOrganization): Statement => {
  const { organizationId, userId, propertyId } = organization;
  const principal: Principal = { organizationId, userId, role: 'owner', properties: 'all', permissionEpoch: 1 };
  const filter = { propertyId, limit: 50 };
  const query = { principal, kind: 'expense', filter, minPosition: 0, tags: [] };
  return statementOf(finance, 'ListTransactionsHandler', query, organization);
};
