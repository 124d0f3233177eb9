/**
 * The one registry of cache tags. An answer carries the tags of what it shows; an event purges the tags of what it changed.
 * Tags are built only here, from numbers, dates and hexadecimal ids, so no value from a request can smuggle a separator into one.
 */
export type Tag = string & { readonly __tag: true };

const tag = (text: string): Tag => {
  if (!/^[a-z0-9:_-]{1,128}$/.test(text)) throw new Error(`not a cache tag: ${JSON.stringify(text)}`);
  return text as Tag;
};

export const tags = {
  organization: (organizationId: number) => tag(`org:${organizationId}`),
  property: (propertyId: number) => tag(`property:${propertyId}`),
  user: (userId: number) => tag(`user:${userId}`),
  organizationProperties: (organizationId: number) => tag(`org:${organizationId}:properties`),
  organizationFinance: (organizationId: number) => tag(`org:${organizationId}:finance`),
  propertyFinance: (propertyId: number) => tag(`property:${propertyId}:finance`),
  financeSummary: (propertyId: number) => tag(`finance:summary:property:${propertyId}`),
  financeList: (kind: 'expense' | 'revenue', propertyId: number) => tag(`finance:${kind}s:property:${propertyId}`),
  financeItem: (kind: 'expense' | 'revenue', id: string) => tag(`finance:${kind}:${id}`),
  pendingApprovals: (propertyId: number) => tag(`finance:pending:property:${propertyId}`),
  profitLoss: (propertyId: number, year: string) => tag(`finance:profit-loss:property:${propertyId}:year:${year}`),
  dashboard: (organizationId: number) => tag(`dashboard:org:${organizationId}`),
  dailyReport: (propertyId: number, day: string) => tag(`reports:daily:property:${propertyId}:date:${day}`),
  monthlyReport: (propertyId: number, month: string) =>
    tag(`reports:monthly:property:${propertyId}:year:${month.slice(0, 4)}:month:${month.slice(5, 7)}`),
} as const;
