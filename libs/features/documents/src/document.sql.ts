import { rawSql } from '@innkeep/platform/database';

const instant = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Where everybody sees what was published of a document `d`; null as long as nothing was. */
export const assetUrl = `'/assets/' || d.asset_hash || '/' || d.kind || '.webp'`;

/** A document `d` as clients see it. */
export const documentJson = rawSql(`json_build_object('id', d.id, 'status', d.status, 'kind', d.kind,
  'subject', case when d.subject_kind = 'organization' then d.subject_kind else d.subject_kind || ':' || d.subject_id end,
  'propertyId', d.property_id, 'name', d.name, 'mediaType', d.media_type, 'bytes', d.bytes, 'sha256', d.sha256,
  'addedBy', d.started_by, 'startedAt', ${instant('d.started_at')}, 'completedAt', ${instant('d.completed_at')},
  'retainUntil', ${instant('d.retain_until')}, 'preview', d.preview, 'width', d.width, 'height', d.height,
  'assetUrl', ${assetUrl})`);
