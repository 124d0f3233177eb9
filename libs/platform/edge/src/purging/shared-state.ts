import type { Pool } from 'pg';

/** Decides from what is known, at the time that the database shows, what is to be known. */
export type Decide<State, Result> = (state: State, now: number) => { readonly state: State; readonly result: Result };

const ATTEMPTS = 50;

/**
 * Small states by name that all processes share, kept in PostgreSQL: what there is to purge comes from there too, so there is nothing to
 * fall back to and nothing to forget when Redis is emptied. A change is decided in the process and written only if nobody else was faster.
 */
export class SharedState<State extends object> {
  constructor(
    private readonly pool: Pool,
    private readonly table: 'edge.providers' | 'edge.families',
    private readonly initial: State,
    /** Moves the clock, for tests. */
    private readonly clock: (now: number) => number = (now) => now,
  ) {}

  async change<Result>(name: string, decide: Decide<State, Result>): Promise<Result> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { state, revision, now } = await this.read(name);
      const decided = decide(state, now);
      if (decided.state === state) return decided.result;
      const { rowCount } = await this.pool.query(
        `insert into ${this.table} as s (name, state, revision) values ($1, $2, 1)
         on conflict (name) do update set state = excluded.state, revision = s.revision + 1, changed_at = clock_timestamp() where s.revision = $3`,
        [name, JSON.stringify(decided.state), revision],
      );
      if (rowCount === 1) return decided.result;
    }
    throw new Error(`the state of ${name} is changed all the time`);
  }

  async read(name: string): Promise<{ readonly state: State; readonly revision: number; readonly now: number }> {
    const { rows } = await this.pool.query<{ now: number; state: State | null; revision: string | null }>(
      `select extract(epoch from clock_timestamp())::float8 * 1000 as now, s.state, s.revision
       from (select) one left join ${this.table} s on s.name = $1`,
      [name],
    );
    const { now, state, revision } = rows[0]!;
    return { state: { ...this.initial, ...state }, revision: Number(revision ?? 0), now: this.clock(now) };
  }

  /** All that are known, by their names. */
  async all(): Promise<{ readonly states: ReadonlyMap<string, State>; readonly now: number }> {
    const { rows } = await this.pool.query<{ name: string | null; state: State | null; now: number }>(
      `select s.name, s.state, extract(epoch from clock_timestamp())::float8 * 1000 as now from (select) one left join ${this.table} s on true`,
    );
    const known = rows.filter(({ name }) => name !== null);
    return {
      states: new Map(known.map(({ name, state }) => [name!, { ...this.initial, ...state }])),
      now: this.clock(rows[0]!.now),
    };
  }
}
