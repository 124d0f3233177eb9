/**
 * The one registry of cache tags. An answer carries the tags of what it shows; an event purges the tags of what it changed.
 * Tags are built only here, from numbers, dates and hexadecimal ids, so no value from a request can smuggle a separator into one.
 *
 * Each kind has a template (the name in headers of CDNs, logs and documents), a short alias (for Cache-Groups, whose members need
 * not be supported beyond 32 characters), and a coarser kind: every answer with the tag carries the coarser one too, so a purge of
 * many fine tags may be done as one of the coarse.
 */
export type Tag = string & { readonly __tag: true };

/** A kind of tag, as the documentation and the command line show it. */
export interface TagKind {
  readonly template: string;
  readonly alias: string;
  /** The template of the tag that every answer with this one carries too; none: the organization's. */
  readonly coarser?: string;
}

interface KnownKind extends TagKind {
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

const known: KnownKind[] = [];

const tag = (text: string): Tag => {
  if (!/^[a-z0-9:_-]{1,128}$/.test(text)) throw new Error(`not a cache tag: ${JSON.stringify(text)}`);
  return text as Tag;
};

/** Declares a kind of tag, and answers what builds one from values in the order of the template. */
function kind(template: string, alias: string, coarser?: string): (...values: (string | number)[]) => Tag {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '([a-z0-9-]+)')}$`);
  known.push({ template, alias, coarser, pattern, names });
  // Put together often, for every event: the template is taken apart once.
  const [begin, ...others] = template.split(/\{\w+\}/) as [string, ...string[]];
  return (...values) => {
    if (values.length !== names.length || values.some((value) => value === undefined || Number.isNaN(value)))
      throw new Error(`${template} takes ${names.join(' and ')}`);
    let text = begin;
    for (let at = 0; at < others.length; at++) text += String(values[at]) + others[at]!;
    return tag(text);
  };
}

const organization = kind('org:{organization}', 'o:{organization}');
const property = kind('property:{property}', 'p:{property}');
const user = kind('user:{user}', 'u:{user}');
const organizationProperty = kind(
  'org:{organization}:property:{property}',
  'op:{organization}:{property}',
  'property:{property}',
);
const organizationUser = kind('org:{organization}:user:{user}', 'ou:{organization}:{user}', 'user:{user}');
const organizationProperties = kind('org:{organization}:properties', 'ops:{organization}');
const organizationFinance = kind('org:{organization}:finance', 'of:{organization}');
const propertyFinance = kind('property:{property}:finance', 'pf:{property}', 'property:{property}');
const ofFinance = 'property:{property}:finance';
const ofProperty = 'property:{property}';
const financeSummary = kind('finance:summary:property:{property}', 'fs:{property}', ofFinance);
const financeList = {
  expense: kind('finance:expenses:property:{property}', 'fe:{property}', ofFinance),
  revenue: kind('finance:revenues:property:{property}', 'fr:{property}', ofFinance),
};
const financeItem = {
  expense: kind('finance:expense:{transaction}', 'ie:{transaction}'),
  revenue: kind('finance:revenue:{transaction}', 'ir:{transaction}'),
};
const pendingApprovals = kind('finance:pending:property:{property}', 'fp:{property}', ofFinance);
const profitLoss = kind('finance:profit-loss:property:{property}:year:{year}', 'pl:{property}:{year}', ofProperty);
const dashboard = kind('dashboard:org:{organization}', 'd:{organization}');
const dailyReport = kind('reports:daily:property:{property}:date:{date}', 'rd:{property}:{date}', ofProperty);
const monthlyReport = kind(
  'reports:monthly:property:{property}:year:{year}:month:{month}',
  'rm:{property}:{year}-{month}',
  ofProperty,
);
const organizationTasks = kind('org:{organization}:tasks', 'ot:{organization}');
const propertyTasks = kind('property:{property}:tasks', 'pt:{property}', ofProperty);
const organizationStaff = kind('org:{organization}:staff', 'ost:{organization}');
const organizationPeople = kind('org:{organization}:people', 'ope:{organization}');
const leaveTypes = kind('org:{organization}:leave-types', 'olt:{organization}');
const propertyStaff = kind('property:{property}:staff', 'pst:{property}', ofProperty);
const ofStaff = 'property:{property}:staff';
const attendance = kind('staff:attendance:property:{property}', 'sa:{property}', ofStaff);
const leave = kind('staff:leave:property:{property}', 'sl:{property}', ofStaff);
const yearlyReport = kind('reports:yearly:property:{property}:year:{year}', 'ry:{property}:{year}', ofProperty);
const organizationGuests = kind('org:{organization}:guests', 'og:{organization}');
const guestList = kind('guests:list:property:{property}', 'gl:{property}', ofProperty);
const occupancy = kind('guests:occupancy:property:{property}', 'go:{property}', ofProperty);
const theme = kind('branding:theme:org:{organization}', 'bt:{organization}');
const analytics = kind('analytics:overview:org:{organization}', 'ao:{organization}');
const asset = kind('static:{hash}', 's:{hash}');

export const tags = {
  organization: (organizationId: number) => organization(organizationId),
  property: (propertyId: number) => property(propertyId),
  user: (userId: number) => user(userId),
  organizationProperty: (organizationId: number, propertyId: number) =>
    organizationProperty(organizationId, propertyId),
  organizationUser: (organizationId: number, userId: number) => organizationUser(organizationId, userId),
  organizationProperties: (organizationId: number) => organizationProperties(organizationId),
  organizationFinance: (organizationId: number) => organizationFinance(organizationId),
  propertyFinance: (propertyId: number) => propertyFinance(propertyId),
  financeSummary: (propertyId: number) => financeSummary(propertyId),
  financeList: (of: 'expense' | 'revenue', propertyId: number) => financeList[of](propertyId),
  /** Of one transaction. No list carries it: a bulk change would purge thousands. */
  financeItem: (of: 'expense' | 'revenue', id: string) => financeItem[of](id),
  pendingApprovals: (propertyId: number) => pendingApprovals(propertyId),
  profitLoss: (propertyId: number, year: string) => profitLoss(propertyId, year),
  dashboard: (organizationId: number) => dashboard(organizationId),
  dailyReport: (propertyId: number, day: string) => dailyReport(propertyId, day),
  monthlyReport: (propertyId: number, month: string) => monthlyReport(propertyId, month.slice(0, 4), month.slice(5, 7)),
  organizationTasks: (organizationId: number) => organizationTasks(organizationId),
  propertyTasks: (propertyId: number) => propertyTasks(propertyId),
  organizationStaff: (organizationId: number) => organizationStaff(organizationId),
  /** Of what names people: their names go when they are erased. */
  organizationPeople: (organizationId: number) => organizationPeople(organizationId),
  leaveTypes: (organizationId: number) => leaveTypes(organizationId),
  propertyStaff: (propertyId: number) => propertyStaff(propertyId),
  attendance: (propertyId: number) => attendance(propertyId),
  leave: (propertyId: number) => leave(propertyId),
  /** Of the year and of its quarters. */
  yearlyReport: (propertyId: number, year: string) => yearlyReport(propertyId, year),
  organizationGuests: (organizationId: number) => organizationGuests(organizationId),
  /** Of every list of stays of a property. */
  guestList: (propertyId: number) => guestList(propertyId),
  /** Of what is counted over the stays and units of a property. */
  occupancy: (propertyId: number) => occupancy(propertyId),
  theme: (organizationId: number) => theme(organizationId),
  analytics: (organizationId: number) => analytics(organizationId),
  /** Of a public file, by the hash of its content. */
  asset: (hash: string) => asset(hash.slice(0, 32)),
} as const;

/** Every kind of tag there is. */
export const tagKinds: readonly TagKind[] = known.map(({ template, alias, coarser }) => ({ template, alias, coarser }));

interface Read {
  readonly kind: KnownKind;
  readonly values: ReadonlyMap<string, string>;
}

/** What a text that is a tag is made of. The fixed words of the templates tell the kinds apart. */
function read(text: string): Read | undefined {
  for (const one of known) {
    const found = one.pattern.exec(text);
    if (found) return { kind: one, values: new Map(one.names.map((name, index) => [name, found[index + 1]!])) };
  }
  return undefined;
}

const fill = (template: string, values: ReadonlyMap<string, string>) =>
  template.replaceAll(/\{(\w+)\}/g, (_, name: string) => values.get(name)!);

/** The kind that a text is a tag of; undefined if it is none. */
export const tagKindOf = (text: string): TagKind | undefined => read(text)?.kind;

/** The tag in short, for Cache-Groups: at most 32 characters. */
export function aliasOf(one: Tag): string {
  const found = read(one);
  if (!found) throw new Error(`no kind of tag: ${one}`);
  const alias = fill(found.kind.alias, found.values);
  // A UUID without its hyphens; what is still too long stands for itself by its beginning and may meet others, which is safe.
  return alias.length <= 32 ? alias : alias.replaceAll('-', '').slice(0, 32);
}

/** The tag that every answer with this one carries as well; the organization's own has none. */
export function coarserTag(one: Tag, organizationId: number): Tag | undefined {
  const found = read(one);
  if (!found || found.kind.template === 'org:{organization}') return undefined;
  return found.kind.coarser ? (fill(found.kind.coarser, found.values) as Tag) : organization(organizationId);
}

/** The coarsest tags of an organization, and what more is asked for. */
export const organizationTags = (organizationId: number, more: readonly Tag[] = []): Tag[] => [
  organization(organizationId),
  ...more,
];

/** The coarsest tags of what is about one property, and what more is asked for. */
export const propertyTags = (organizationId: number, propertyId: number, more: readonly Tag[] = []): Tag[] => [
  organization(organizationId),
  property(propertyId),
  ...more,
];

/** The tags of what one user sees, and what more is asked for. */
export const userTags = (organizationId: number, userId: number, more: readonly Tag[] = []): Tag[] => [
  organization(organizationId),
  user(userId),
  ...more,
];
