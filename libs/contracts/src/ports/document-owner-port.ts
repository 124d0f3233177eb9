import type { Sql } from './sql';

/** How long documents may be kept of something that is not kept for good itself. */
export interface KeepingTerm {
  /** From when on they may not be kept any more (RFC 3339). Null: nobody knows yet. */
  readonly endsAt: string | null;
  /** Whatever becomes of it, the term does not end before: nobody has to ask again until then (RFC 3339). */
  readonly notBefore: string;
}

/** What has to be known of something that documents belong to. */
export interface DocumentOwnerFacts {
  /** Who looks after this property sees its documents; null: they are about the organization. */
  readonly propertyId: number | null;
  /** It stands in the books: the receipts that prove it are kept for as long as the law wants them. */
  readonly isSettled: boolean;
  /** Only where what belongs to it goes with it. */
  readonly term?: KeepingTerm;
}

/**
 * Answered by each feature whose things documents can belong to, for one kind of thing: `transaction` in `transaction:0198…`. A feature
 * names its answers in the manifest, as `documentOwners`. Nothing can belong to a kind that nobody answers for.
 */
export abstract class DocumentOwnerPort {
  abstract readonly kind: string;

  /** What is known of the thing by this id; undefined if there is none, or whoever it is about was erased. The id is any text. */
  abstract find(sql: Sql, id: string, now: Date): Promise<DocumentOwnerFacts | undefined>;
}

/** Documents of the organization itself: there is nothing to ask. */
const ORGANIZATION = 'organization';

/** All that answers for what documents belong to, by kind. */
export class DocumentOwners {
  private readonly ports: ReadonlyMap<string, DocumentOwnerPort>;

  constructor(ports: readonly DocumentOwnerPort[]) {
    this.ports = new Map(ports.map((port) => [port.kind, port]));
  }

  of(kind: string): DocumentOwnerPort | undefined {
    return this.ports.get(kind);
  }

  /** What is known of the thing that a document belongs to; undefined if there is none, or nothing of it may be kept any more. */
  async find(
    sql: Sql,
    { kind, id }: { readonly kind: string; readonly id: string },
    now: Date,
  ): Promise<DocumentOwnerFacts | undefined> {
    if (kind === ORGANIZATION) return { propertyId: null, isSettled: false };
    const facts = await this.of(kind)?.find(sql, id, now);
    const endsAt = facts?.term?.endsAt ?? null;
    return endsAt !== null && new Date(endsAt) <= now ? undefined : facts;
  }
}
