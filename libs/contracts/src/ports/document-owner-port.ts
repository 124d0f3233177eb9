import type { Sql } from './sql';

/** What has to be known of something that documents belong to. */
export interface DocumentOwnerFacts {
  /** Who looks after this property sees its documents; null: they are about the organization. */
  readonly propertyId: number | null;
  /** It stands in the books: the receipts that prove it are kept for as long as the law wants them. */
  readonly isSettled: boolean;
}

/**
 * Answered by each feature whose things documents can belong to, for one kind of thing: `transaction` in `transaction:0198…`. A feature
 * names its answers in the manifest, as `documentOwners`. Nothing can belong to a kind that nobody answers for.
 */
export abstract class DocumentOwnerPort {
  abstract readonly kind: string;

  /** What is known of the thing by this id; undefined if there is none. The id is any text. */
  abstract find(sql: Sql, id: string): Promise<DocumentOwnerFacts | undefined>;
}

/** All that answers for what documents belong to, by kind. */
export class DocumentOwners {
  private readonly ports: ReadonlyMap<string, DocumentOwnerPort>;

  constructor(ports: readonly DocumentOwnerPort[]) {
    this.ports = new Map(ports.map((port) => [port.kind, port]));
  }

  of(kind: string): DocumentOwnerPort | undefined {
    return this.ports.get(kind);
  }
}
