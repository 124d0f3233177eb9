import { type Principal, type RecordedEvent, type Tag, eventCatalog, tagKindOf } from '@innkeep/contracts';
import type { Feature } from '@innkeep/platform/feature';
import { type CachedRoute, cachedRoutes } from './cached-routes';
import { allTouches } from './wiring';

/** How the answers of a route are kept, and what ends that. */
export interface ExplainedRoute {
  readonly path: string;
  readonly family: string;
  readonly edgeSeconds: number;
  readonly staleSeconds: number;
  /** Browsers keep it for so long; 0: they ask each time. */
  readonly browserSeconds: number;
  readonly isKeptInProcess: boolean;
  readonly tags: readonly string[];
  readonly purgedBy: readonly string[];
}

/** What an event purges. */
export interface ExplainedEvent {
  readonly type: string;
  readonly tags: readonly string[];
  readonly routes: readonly string[];
}

const principal: Principal = { organizationId: 1, userId: 3, role: 'owner', properties: 'all', permissionEpoch: 1 };

/** Requests in which every parameter is given that a tag could be made of, and in which none is. */
const queries = [{ propertyId: 2, date: '2026-03-10', year: 2026, month: 3 }, {}];

const data = {
  organizationId: 1,
  ...{ userId: 3, actorId: 3, id: '3', propertyId: 2, businessDay: '2026-03-10' },
  transactionId: '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11',
};

/** An event in whose payload everything stands that a tag could be made of. */
const exampleOf = (type: string, more: object): RecordedEvent => ({
  ...{ type, schemaVersion: 1, bucket: 0, organizationId: 1, propertyId: 2, position: 1, version: 1 },
  recordedAt: new Date(0),
  data: { ...data, ...more },
});

const examplesOf = (type: string) => ['expense', 'revenue', 'user'].map((kind) => exampleOf(type, { kind }));

/** The tags that a caller of this can make; nothing where what it needs is not there. */
function attempt(make: () => readonly Tag[]): readonly Tag[] {
  try {
    return make();
  } catch {
    return [];
  }
}

const templatesOf = (tags: readonly Tag[]): string[] =>
  [...new Set(tags.map((tag) => tagKindOf(tag)?.template ?? tag))].sort();

const meets = (some: readonly string[], others: readonly string[]) => some.some((one) => others.includes(one));

/** Explains the cache of a list of features: what is kept how long under which tags, and which event purges what. */
export class ExplainedCache {
  readonly routes: readonly ExplainedRoute[];
  readonly events: readonly ExplainedEvent[];
  private readonly tagsOf: (event: RecordedEvent) => readonly Tag[];

  constructor(features: readonly Feature[]) {
    this.tagsOf = allTouches(features).tagsOf;
    const routes = cachedRoutes(features).map((route) => ({ route, tags: templatesOf(routeTags(route)) }));
    const events = [...eventCatalog.keys()].sort().map((type) => ({ type, tags: templatesOf(this.exampleTags(type)) }));
    this.routes = routes.map(({ route: { path, family, isTimed }, tags }) => ({
      ...{ path, family: family.name, edgeSeconds: family.edgeSeconds, staleSeconds: family.staleSeconds },
      browserSeconds: family.isEdited ? 0 : family.browserSeconds,
      isKeptInProcess: !isTimed,
      tags,
      purgedBy: events.filter((event) => meets(event.tags, tags)).map(({ type }) => type),
    }));
    this.events = events.map(({ type, tags }) => ({
      type,
      tags,
      routes: routes.filter((one) => meets(one.tags, tags)).map(({ route }) => route.path),
    }));
  }

  /** The very tags that an event with such a payload would purge. */
  wouldPurge(type: string, organizationId: number, payload: object): Tag[] {
    if (!eventCatalog.has(type)) throw new Error(`there is no event type ${type}`);
    const event = exampleOf(type, payload);
    const propertyId = (payload as { propertyId?: number }).propertyId ?? event.propertyId;
    return [...new Set(this.tagsOf({ ...event, organizationId, propertyId }))];
  }

  private exampleTags(type: string): Tag[] {
    return examplesOf(type).flatMap((event) => attempt(() => this.tagsOf(event)));
  }
}

const routeTags = ({ tagsOf }: CachedRoute): Tag[] =>
  queries.flatMap((query) => attempt(() => tagsOf(principal, query)));
