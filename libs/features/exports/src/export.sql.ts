import { rawSql } from '@innkeep/platform/database';

const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** An export `e` as its owners see it. What is over and not removed yet counts as removed. */
export const exportJson = rawSql(`json_build_object('id', e.id,
  'status', case when e.status = 'ready' and e.expires_at <= now() then 'removed' else e.status end,
  'askedBy', e.asked_by, 'askedAt', ${instant('e.asked_at')},
  'progress', json_build_object('tables', e.tables, 'tablesDone', e.tables_done, 'rows', e.rows_done),
  'position', e.position, 'bytes', e.bytes, 'sha256', e.sha256, 'expiresAt', ${instant('e.expires_at')})`);
