import { rawSql } from '@innkeep/platform/database';

const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** An export `e` as its owners see it. What is over and not removed yet counts as removed. */
export const exportJson = rawSql(`json_build_object('id', e.id,
  'status', case when e.status = 'ready' and e.expires_at <= now() then 'removed' else e.status end,
  'askedBy', e.asked_by, 'askedAt', ${instant('e.asked_at')},
  'progress', json_build_object('tables', e.tables, 'tablesDone', e.tables_done, 'rows', e.rows_done),
  'position', e.position, 'bytes', e.bytes, 'sha256', e.sha256, 'expiresAt', ${instant('e.expires_at')})`);

/** How far the file of a report is; it is all there only when it is kept. */
const percent = `case when e.status = 'ready' or e.made_at is not null then 100 when e.rows_total = 0 then 0
  else least(99, e.rows_done * 100 / e.rows_total) end`;

/** An export `e` of a report, as whoever asked for it sees it. */
export const reportExportJson =
  rawSql(`json_build_object('id', e.id, 'report', e.report, 'format', e.format, 'propertyId', e.property_id,
  'from', e.from_on, 'to', e.to_on,
  'status', case when e.status = 'ready' and e.expires_at <= now() then 'removed' else e.status end,
  'failure', case when e.status = 'failed' then coalesce(e.failure, 'not-made') end,
  'askedBy', e.asked_by, 'askedAt', ${instant('e.asked_at')},
  'progress', json_build_object('percent', ${percent}, 'rows', e.rows_done, 'rowsTotal', e.rows_total),
  'position', e.position, 'bytes', e.bytes, 'sha256', e.sha256, 'expiresAt', ${instant('e.expires_at')})`);
