import { ReportExportProgressed, systemPrincipal } from '@innkeep/contracts';
import { type OrganizationTransaction, type Sql, type UnitOfWork, sql } from '@innkeep/platform/database';
import type { KeptFile } from '@innkeep/platform/files';
import type { Pool } from 'pg';
import { type ExportStatus, FILE_HOURS } from '../export';
import type { Failure } from '../report-export';
import type { ReportAsk } from '../make-report/report-ask';

/** Which export is meant. */
export interface ExportKey {
  readonly organizationId: number;
  readonly id: string;
}

/** Whoever makes an export and has not been heard of for this long has died. In seconds. */
const LEASE_SECONDS = 120;
const ATTEMPTS = 5;

/** What is due of an export; `report` says which one it is of, if it is of one. */
export interface DueExport {
  readonly what: 'make' | 'remove';
  readonly report?: ReportAsk;
}

interface FoundExport {
  readonly status: ExportStatus;
  readonly attempts: number;
  readonly report: ReportAsk | null;
}

/** What is due, of all organizations. */
export async function dueExports(pool: Pool, limit: number): Promise<ExportKey[]> {
  const { rows } = await pool.query<{ organization_id: string; id: string }>(
    'select organization_id, id from exports.due($1)',
    [limit],
  );
  return rows.map(({ organization_id, id }) => ({ organizationId: Number(organization_id), id }));
}

/** What the worker notes of an export, each in a transaction of its own, as the system on behalf of the organization. */
export class ExportWork {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Takes over what is due: making the file, or removing it. Nothing if somebody else did, or has done it. */
  async take(key: ExportKey): Promise<DueExport | undefined> {
    const { result } = await this.run(key, async (transaction) => {
      const [found] = await transaction.query<FoundExport>(sql`
        select status, attempts, case when report is not null then json_build_object('report', report, 'format', format, 'propertyId', property_id,
          'propertyName', property_name, 'from', from_on, 'to', to_on, 'askedVersion', asked_version) end as report
        from exports.exports
        where ${isIt(transaction, key)} and due_at <= clock_timestamp() and status in ('waiting', 'making', 'ready') for no key update`);
      if (!found) return undefined;
      if (found.status !== 'ready' && found.attempts >= ATTEMPTS) {
        this.set(transaction, key, sql`status = 'failed'`);
        if (found.report) tell(transaction, key, found.report, 'failed', 0);
        return undefined;
      }
      const isMade = found.status === 'ready';
      this.set(
        transaction,
        key,
        isMade
          ? sql`due_at = ${later(LEASE_SECONDS)}`
          : sql`status = 'making', attempts = attempts + 1, tables_done = 0, rows_done = 0, due_at = ${later(LEASE_SECONDS)}`,
      );
      return { what: isMade ? ('remove' as const) : ('make' as const), report: found.report ?? undefined };
    });
    return result;
  }

  /** Says how far it is, and that somebody is at it. */
  async progressed(key: ExportKey, tables: number, tablesDone: number, rows: number): Promise<void> {
    await this.run(key, async (transaction) => {
      const progress = sql`tables = ${tables}, tables_done = ${tablesDone}, rows_done = ${rows}`;
      this.set(transaction, key, sql`${progress}, due_at = ${later(LEASE_SECONDS)}`);
    });
  }

  /** The same of a report, told to whoever listens. */
  async wroteRows(key: ExportKey, report: ReportAsk, rows: number, total: number): Promise<void> {
    await this.run(key, async (transaction) => {
      this.set(transaction, key, sql`rows_done = ${rows}, rows_total = ${total}, due_at = ${later(LEASE_SECONDS)}`);
      if (total > 0) tell(transaction, key, report, 'making', Math.min(99, Math.floor((rows * 100) / total)));
    });
  }

  /** There will be no file, however often it is tried. */
  async refused(key: ExportKey, report: ReportAsk, failure: Failure): Promise<void> {
    await this.run(key, async (transaction) => {
      this.set(transaction, key, sql`status = 'failed', failure = ${failure}`);
      tell(transaction, key, report, 'failed', 0);
    });
  }

  async finished(
    key: ExportKey,
    position: number,
    { bytes, sha256 }: KeptFile,
    made?: { readonly report: ReportAsk; readonly rows: number },
  ): Promise<void> {
    const until = later(FILE_HOURS * 3_600);
    await this.run(key, async (transaction) => {
      const rows = made ? sql`, rows_done = ${made.rows}, rows_total = ${made.rows}` : sql``;
      this.set(
        transaction,
        key,
        sql`status = 'ready', position = ${position}, bytes = ${bytes}, sha256 = ${sha256}, made_at = now(), expires_at = ${until}, due_at = ${until}${rows}`,
      );
      if (made) tell(transaction, key, made.report, 'ready', 100);
    });
  }

  async removed(key: ExportKey): Promise<void> {
    await this.run(key, async (transaction) => this.set(transaction, key, sql`status = 'removed'`));
  }

  /** Lets somebody try again soon. */
  async failed(key: ExportKey): Promise<void> {
    await this.run(key, async (transaction) => this.set(transaction, key, sql`due_at = ${later(10)}`));
  }

  private set(transaction: OrganizationTransaction, key: ExportKey, what: Sql): void {
    transaction.write(sql`update exports.exports set ${what} where ${isIt(transaction, key)}`);
  }

  private run<Result>(
    { organizationId }: ExportKey,
    handle: (transaction: OrganizationTransaction) => Promise<Result>,
  ): Promise<{ result?: Result }> {
    return this.unitOfWork.run({ principal: systemPrincipal(organizationId), requestId: 'make-export' }, handle);
  }
}

const tell = (
  transaction: OrganizationTransaction,
  { id }: ExportKey,
  { propertyId }: ReportAsk,
  status: 'making' | 'ready' | 'failed',
  percent: number,
): void =>
  transaction.record(
    ReportExportProgressed({ exportId: id, propertyId, status, percent }, { propertyId, entityId: id }),
  );

const isIt = ({ bucket, organizationId }: OrganizationTransaction, { id }: ExportKey): Sql =>
  sql`bucket = ${bucket} and organization_id = ${organizationId} and id = ${id}`;

const later = (seconds: number): Sql => sql`clock_timestamp() + make_interval(secs => ${seconds})`;
