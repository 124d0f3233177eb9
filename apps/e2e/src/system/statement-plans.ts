import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { TestDatabase } from '@innkeep/testing';

interface PlanNode {
  readonly 'Node Type': string;
  readonly Schema?: string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

interface Explained {
  readonly 'Query Text': string;
  readonly Plan: PlanNode;
}

/** A statement that looks at rows of a table without an index leading it to those of the organization. */
export interface Wandering {
  readonly table: string;
  readonly how: string;
  readonly statement: string;
}

/** How many rows of a table a statement has looked at. */
export interface Reading {
  readonly table: string;
  readonly rows: number;
  readonly statement: string;
}

/** Scans that read the table themselves, rather than what another node hands them. */
const readsTable = (node: PlanNode) =>
  node['Relation Name'] !== undefined && /Scan$/.test(node['Node Type']) && node['Node Type'] !== 'CTE Scan';

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.Plans ?? []) yield* nodesOf(child);
}

/** Partitions are looked at under the name of their table. */
const tableOf = (node: PlanNode) => `${node.Schema}.${node['Relation Name']!.replace(/_\d{4}_\d{2}$/, '')}`;

const shortened = (statement: string) => statement.replace(/\s+/g, ' ').slice(0, 300);

const rowsOf = (node: PlanNode) =>
  ((node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)) * (node['Actual Loops'] ?? 0);

/**
 * How the database carries out what one role sends it. Plans are made as if there were no reading from end to end, because few rows
 * are read like that whatever indexes there are: where it is done all the same, there is no index to do it with.
 */
export class StatementPlans {
  private constructor(
    private readonly database: TestDatabase,
    private readonly logFile: string,
    private readonly from: number,
  ) {}

  /** Has the plans of all statements logged from here on, with the rows they met, in sessions that begin after it. */
  static async of(database: TestDatabase, role: string): Promise<StatementPlans> {
    const logFile = process.env.TEST_POSTGRES_LOG;
    if (!logFile) throw new Error('TEST_POSTGRES_LOG is not set: run the tests by npm test');
    const settings = {
      ...{ session_preload_libraries: 'auto_explain', 'auto_explain.log_min_duration': '0' },
      ...{ 'auto_explain.log_format': 'json', 'auto_explain.log_verbose': 'on' },
      ...{ 'auto_explain.log_parameter_max_length': '0', enable_seqscan: 'off' },
      ...{ 'auto_explain.log_analyze': 'on', 'auto_explain.log_timing': 'off' },
    };
    for (const [name, value] of Object.entries(settings))
      await database.asAdmin(`alter role ${role} in database ${database.name} set ${name} = '${value}'`);
    return new StatementPlans(database, logFile, (await stat(logFile)).size);
  }

  /** The same from now on. */
  async fromHere(): Promise<StatementPlans> {
    return new StatementPlans(this.database, this.logFile, (await stat(this.logFile)).size);
  }

  /** How many plans were logged, and which statements look at what is not the organization's, each once. */
  async look(): Promise<{ plans: number; wandering: Wandering[] }> {
    const tenantTables = await this.findTenantTables();
    const found = new Map<string, Wandering>();
    let plans = 0;
    for await (const { 'Query Text': statement, Plan: plan } of this.read()) {
      plans++;
      for (const node of nodesOf(plan)) {
        if (!readsTable(node)) continue;
        const table = tableOf(node);
        if (!tenantTables.has(table) || this.isLed(node)) continue;
        const how = `${node['Node Type']} ${node['Index Cond'] ?? node['Recheck Cond'] ?? ''}`.trim();
        found.set(`${table} ${how}`, { table, how, statement: shortened(statement) });
      }
    }
    return { plans, wandering: [...found.values()] };
  }

  /** Which statements have looked at more rows of one table than so many, each once, with the most that were met. */
  async widerThan(most: number): Promise<Reading[]> {
    const found = new Map<string, Reading>();
    for await (const { 'Query Text': statement, Plan: plan } of this.read()) {
      for (const node of nodesOf(plan)) {
        if (!readsTable(node) || rowsOf(node) <= most) continue;
        const reading = { table: tableOf(node), rows: rowsOf(node), statement: shortened(statement) };
        const key = `${reading.table} ${statement}`;
        if (reading.rows > (found.get(key)?.rows ?? 0)) found.set(key, reading);
      }
    }
    return [...found.values()];
  }

  private async findTenantTables(): Promise<ReadonlySet<string>> {
    const tables = await this.database.asAdmin<{ name: string }>(
      `select format('%s.%s', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema', 'directory')
         and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped)`,
    );
    return new Set(tables.map(({ name }) => name));
  }

  private isLed(node: PlanNode): boolean {
    if (node['Node Type'] === 'Bitmap Heap Scan') return (node['Recheck Cond'] ?? '').includes('organization_id');
    return (node['Index Cond'] ?? '').includes('organization_id');
  }

  /** Entries begin with a time; further lines of one begin with a tab. */
  private async *read(): AsyncGenerator<Explained> {
    let json: string[] | undefined;
    const lines = createInterface({ input: createReadStream(this.logFile, { start: this.from }) });
    for await (const line of lines) {
      if (line.startsWith('\t')) {
        json?.push(line.slice(1));
        continue;
      }
      if (json) yield JSON.parse(json.join('\n')) as Explained;
      json = line.includes(` ${this.database.name} LOG:  duration:`) && line.endsWith('plan:') ? [] : undefined;
    }
  }
}
