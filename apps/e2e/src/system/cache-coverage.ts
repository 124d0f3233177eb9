import { allTouches } from '@innkeep/assembly';
import { type RecordedEvent, type Tag, aliasOf, eventCatalog } from '@innkeep/contracts';
import type { Feature } from '@innkeep/platform/feature';
import type { Answer } from './api-client';

/** A cached answer as it was before something happened, and after. */
export interface Observation {
  readonly path: string;
  readonly before: Answer;
  readonly after: Answer;
}

/** A page that changed, and would have stayed at the edge as it was. */
export interface Uncovered {
  readonly path: string;
  readonly events: readonly string[];
  readonly carried: readonly string[];
  readonly purged: readonly string[];
}

/** Members that tell when and as of which position an answer was read: another one is no change. */
const AGE = new Set(['asOf', 'position']);

const contentOf = ({ status, text }: Answer): string =>
  `${status} ${status === 200 ? JSON.stringify(JSON.parse(text), (name, value: unknown) => (AGE.has(name) ? undefined : value)) : ''}`;

/** The tags that an answer carries, in short, as every answer tells them. */
const groupsOf = ({ headers }: Answer): string[] =>
  [...(headers.get('cache-groups') ?? '').matchAll(/"([^"]+)"/g)].map(([, group]) => group!);

/**
 * Holds what happened against what changed: an answer that is another now, and carries none of the tags that the events purge, would
 * be served as it was. Answers which types of events were seen, and whose pages would not be purged.
 */
export class CacheCoverage {
  readonly seen = new Set<string>();
  readonly changed = new Map<string, Set<string>>();
  private readonly tagsOf: (event: RecordedEvent) => readonly Tag[];

  constructor(features: readonly Feature[]) {
    this.tagsOf = allTouches(features).tagsOf;
  }

  /** Pages that changed and that the events do not purge. */
  uncovered(events: readonly RecordedEvent[], observed: readonly Observation[]): Uncovered[] {
    const types = events.map(({ type }) => type);
    types.forEach((type) => this.seen.add(type));
    const purged = [...new Set(events.flatMap((event) => [...this.tagsOf(event)]))].map(aliasOf);
    const isChanged = ({ before, after }: Observation) => contentOf(before) !== contentOf(after);
    return observed.filter(isChanged).flatMap(({ path, before }) => {
      const route = path.split('?', 1)[0]!;
      this.changed.set(route, new Set([...(this.changed.get(route) ?? []), ...types]));
      const carried = groupsOf(before);
      return carried.some((group) => purged.includes(group)) ? [] : [{ path, events: types, carried, purged }];
    });
  }

  /** Event types that have not happened. */
  get unseen(): string[] {
    return [...eventCatalog.keys()].filter((type) => !this.seen.has(type));
  }
}
