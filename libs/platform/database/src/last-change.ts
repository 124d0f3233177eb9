import { type Sql, rawSql } from './sql';

/**
 * When a row of a write model was changed last, as the log has it: the time of the event by which the row got its version. Null where
 * the log of that month is in the archive, and until the second of the change and one more are over: by then whatever else was written
 * in that second is committed, so two states of the row never have the same second.
 * @param row the alias of a table with bucket, organization_id and version
 */
export const changedAt = (row: string): Sql =>
  rawSql(`(select l.recorded_at from events.log l
    where l.bucket = ${row}.bucket and l.organization_id = ${row}.organization_id and l.version = ${row}.version
      and l.recorded_at < date_trunc('second', now()) - interval '1 second')`);
