import type { Exported, Feature } from '@innkeep/platform/feature';

/** The platform's own tables in an export. The log is given as it is, without what is sealed in it for persons. */
const ofPlatform: Exported = {
  tables: [
    {
      table: 'events.log',
      columns: [
        ...['version', 'recorded_at', 'type', 'schema_version', 'property_id', 'entity_id', 'actor_id'],
        {
          name: 'data',
          as: `(select coalesce(jsonb_object_agg(d.key, d.value), '{}') from jsonb_each(data) d where not jsonb_exists(d.value, 'sealedFor'))`,
        },
      ],
      withheld: {
        position: 'of the bucket, which is shared with others; the version is the organization’s own',
        request_id: 'of use to those who run the system',
      },
      key: ['version', 'recorded_at'],
    },
  ],
  leftOut: {
    'deletion.asks': 'work under way',
    'edge.purge_asks': 'work under way',
    'edge.purge_receipts': 'what became of purges, of use to those who run the system',
    'events.organization_heads': 'the position in the manifest',
    'events.parked': 'work under way',
    'events.projection_heads': 'work under way',
    'events.replays': 'work under way',
    'events.skipped': 'decisions of those who run the system',
    'http.idempotency_records': 'answers that are repeated for a day',
    'http.revocations': 'access that has ended',
    'mail.asks': 'work under way',
    'privacy.subject_keys': 'secrets',
  },
};

/** What an export of an organization holds and what it leaves out, over the platform and all features. */
export function exportedBy(features: readonly Feature[]): Exported {
  const all = [ofPlatform, ...features.flatMap(({ exported }) => exported ?? [])];
  return {
    tables: all.flatMap(({ tables }) => [...tables]),
    leftOut: Object.assign({}, ...all.map(({ leftOut }) => leftOut)) as Record<string, string>,
  };
}
