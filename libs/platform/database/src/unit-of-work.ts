import { DomainError, type NewEvent, type Principal } from '@innkeep/contracts';
import type { PoolClient } from 'pg';
import { isPlanOutdated, sendTogether } from './connections';
import type { Directory, OrganizationRoute } from './directory';
import { type ClaimVerdict, type IdempotencyKey, claimKey, claimRecord } from './idempotency';
import { lastStatement } from './last-statement';
import { OrganizationTransaction } from './organization-transaction';
import type { Shards } from './shards';
import { asUnavailable, databaseProblems, isRetriable } from './unavailable';

/** What a command is run with, besides its input. */
export interface CommandContext {
  readonly principal: Principal;
  readonly requestId: string;
  readonly idempotency?: IdempotencyKey;
}

/** The outcome of a command: the answer's body exactly as it is sent and replayed, and the organization's version after it. */
export interface Committed<Result = unknown> {
  readonly body: string;
  readonly version: number;
  readonly isReplay: boolean;
  /** The handler's own result. Absent on a replay: the first request's answer is all that is kept. */
  readonly result?: Result;
  /** What it recorded. Absent on a replay. */
  readonly events?: readonly NewEvent[];
  /** How long the transaction took, with the wait for a connection and with what it decided, in milliseconds. */
  readonly dbMs: number;
}

type Outcome<Result> = Omit<Committed<Result>, 'dbMs'>;

/** What a violated constraint means, by the constraint's name. */
export type ConstraintProblems = Readonly<Record<string, () => DomainError>>;

export interface UnitOfWorkOptions {
  readonly constraints?: ConstraintProblems;
}

/** Told after each commit, so that the projector need not wait for its next poll. May be lost. */
export abstract class CommitHints {
  abstract committed(route: OrganizationRoute): void;
}

/** Seals what is personal in events before they are written. */
export abstract class EventSealer {
  /** The same events, in the same order. May ask the database within the transaction. */
  abstract seal(transaction: OrganizationTransaction): Promise<readonly NewEvent[]>;
}

/** For processes that have no keys: what is personal is refused, not written for everybody to read. */
class NoSealer extends EventSealer {
  async seal(): Promise<readonly NewEvent[]> {
    throw new Error('personal fields cannot be recorded: this process has no keys to seal them with');
  }
}

const ATTEMPTS = 3;

/**
 * Runs a command in one transaction on the organization's shard: the first statements set the organization for row-level security
 * and claim the idempotency key, the handler loads and decides, one last statement takes the positions and writes everything.
 * The opening statements travel with the handler's first load, and the last one with the commit: two round trips in all. Only
 * events with personal fields cost a third, for the keys of their subjects.
 */
export class UnitOfWork {
  constructor(
    private readonly directory: Directory,
    private readonly shards: Shards,
    private readonly hints: CommitHints,
    private readonly sealer: EventSealer = new NoSealer(),
  ) {}

  async run<Result>(
    context: CommandContext,
    handle: (transaction: OrganizationTransaction) => Promise<Result>,
    options: UnitOfWorkOptions = {},
  ): Promise<Committed<Result>> {
    const route = await this.directory.route(context.principal.organizationId);
    if (!route)
      throw new DomainError(
        databaseProblems['organization-not-found'],
        'The directory knows no organization by this id.',
      );
    const startedAt = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        const committed = await this.attempt(route, context, handle, options);
        return { ...committed, dbMs: performance.now() - startedAt };
      } catch (error) {
        if (attempt < ATTEMPTS && isRetriable(error)) continue;
        throw this.explain(error, options);
      }
    }
  }

  private async attempt<Result>(
    route: OrganizationRoute,
    context: CommandContext,
    handle: (transaction: OrganizationTransaction) => Promise<Result>,
    _options: UnitOfWorkOptions,
  ): Promise<Outcome<Result>> {
    const client = await this.shards.get(route.shard).connect();
    let broken: Error | undefined;
    try {
      return await this.transact(client, route, context, handle);
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => (broken = failure));
      if (isPlanOutdated(error)) broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  private async transact<Result>(
    client: PoolClient,
    route: OrganizationRoute,
    { principal, requestId, idempotency }: CommandContext,
    handle: (transaction: OrganizationTransaction) => Promise<Result>,
  ): Promise<Outcome<Result>> {
    const transaction = new OrganizationTransaction(client, route);
    sendTogether(client);
    const opened = Promise.all([
      client.query('begin'),
      idempotency ? claimKey(transaction, principal.userId, idempotency) : openWithoutKey(transaction),
    ]);
    // The handler's first statements are sent behind the opening ones without waiting for them. It only reads and decides, so
    // nothing is lost when the key turns out to be known; and what it refuses is not told before the key's verdict.
    const [opening, handled] = await Promise.allSettled([opened, handle(transaction)]);
    if (opening.status === 'rejected') throw opening.reason;
    const verdict = opening.value[1];
    if (verdict.kind === 'in-progress') throw inProgress();
    if (verdict.kind === 'reused') throw reused();
    if (verdict.kind === 'replay') {
      await client.query('rollback');
      return { ...verdict.answer, isReplay: true };
    }
    if (handled.status === 'rejected') throw handled.reason;

    const isPersonal = transaction.events.some(({ personal }) => personal);
    const events = isPersonal ? await this.sealer.seal(transaction) : transaction.events;
    const body = JSON.stringify(handled.value ?? null);
    const claim = idempotency && claimRecord(transaction, principal.userId, idempotency, body);
    const { text, values } = lastStatement({
      route,
      events,
      writes: transaction.writes,
      actorId: principal.role === 'system' ? null : principal.userId,
      requestId,
      claim,
    }).compile();
    sendTogether(client);
    const [last, committed] = await Promise.allSettled([
      client.query<{ version: string }>(text, values),
      client.query('commit'),
    ]);
    if (last.status === 'rejected') throw last.reason;
    if (committed.status === 'rejected') throw committed.reason;
    if (events.length > 0) this.hints.committed(route);
    const version = Number(last.value.rows[0]!.version);
    return { body, version, isReplay: false, result: handled.value, events: transaction.events };
  }

  private explain(error: unknown, { constraints = {} }: UnitOfWorkOptions): unknown {
    const { constraint } = error as { constraint?: string };
    if (constraint && Object.hasOwn(constraints, constraint)) return constraints[constraint]!();
    // Two requests with one key, the second of which did not see the first's lock: the record's constraint caught it.
    if ((error as { table?: string }).table === 'idempotency_records') return inProgress();
    return asUnavailable(error);
  }
}

async function openWithoutKey(transaction: OrganizationTransaction): Promise<ClaimVerdict> {
  await transaction.query("select set_config('app.organization_id', $1, true)", [String(transaction.organizationId)]);
  return { kind: 'first' };
}

const inProgress = () =>
  new DomainError(
    databaseProblems['idempotency-in-progress'],
    'Wait and send the same request again: it will get the first one’s answer.',
    {
      headers: { 'retry-after': '1' },
    },
  );

const reused = () =>
  new DomainError(
    databaseProblems['idempotency-key-reused'],
    'The key belongs to a request with another method, path, query or body. Use a new key for a new request.',
  );
