import type { NewEvent, Sql as PortSql } from '@innkeep/contracts';
import type { PoolClient } from 'pg';
import type { OrganizationRoute } from './directory';
import { Sql } from './sql';

/**
 * What a command's handler sees of its unit of work: read (with locks), then say what is to be saved and what happened. Saving
 * waits for the last statement, so that rows can carry the version their own event gets: a write may refer to
 * `(select version from head)`, the organization's version after this transaction.
 */
export class OrganizationTransaction implements PortSql {
  readonly writes: Sql[] = [];
  readonly events: NewEvent[] = [];

  constructor(
    private readonly client: PoolClient,
    readonly route: OrganizationRoute,
  ) {}

  get bucket(): number {
    return this.route.bucket;
  }

  get organizationId(): number {
    return this.route.organizationId;
  }

  /** Runs a statement now. Statements that are not awaited before the next one travel to the server together. */
  async query<Row>(text: string | Sql, values: readonly unknown[] = []): Promise<Row[]> {
    const statement = text instanceof Sql ? text.compile() : { text, values: [...values] };
    const { rows } = await this.client.query(statement.text, statement.values);
    return rows as Row[];
  }

  /** Adds a data-modifying statement to the last one. Each may be one INSERT, UPDATE or DELETE, without RETURNING. */
  write(statement: Sql): void {
    this.writes.push(statement);
  }

  /** Adds an event. Events get consecutive versions in the order in which they are recorded. */
  record(...events: readonly NewEvent[]): void {
    this.events.push(...events);
  }
}
