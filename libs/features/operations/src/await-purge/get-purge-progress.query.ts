import { propertyOfTag } from '@innkeep/platform/edge';
import { Reader, type Snapshot, sql } from '@innkeep/platform/database';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type PurgeReceipt, receiptBody } from '../list-purges/receipt';

/** How far a purge is that was asked for. */
export interface PurgeProgress {
  /** Every CDN has said that it is done. */
  readonly isConfirmed: boolean;
  readonly receipts: readonly PurgeReceipt[];
}

/** How far the purge is that an organization's event of this version asked for. */
export class GetPurgeProgress extends Query<Snapshot<PurgeProgress>> {
  constructor(
    readonly organizationId: number,
    readonly version: number,
    readonly tags: readonly string[],
  ) {
    super();
  }
}

const MOST_RECEIPTS = 100;

/** The tags, and those that are purged instead where there is too much of a property or of the organization. */
function carriersOf(tags: readonly string[], organizationId: number): string[] {
  const properties = tags.map(propertyOfTag).filter((id) => id !== undefined);
  return [...new Set([...tags, ...properties.map((id) => `property:${id}`), `org:${organizationId}`])];
}

/**
 * It is carried out once the reactor that asks for purges is past the event and no first purge of the tags waits any more: an ask leaves
 * that state only by being confirmed, or for one of what carries it.
 */
@QueryHandler(GetPurgeProgress)
export class GetPurgeProgressHandler implements IQueryHandler<GetPurgeProgress> {
  constructor(private readonly reader: Reader) {}

  execute({ organizationId, version, tags }: GetPurgeProgress): Promise<Snapshot<PurgeProgress>> {
    const carriers = carriersOf(tags, organizationId);
    return this.reader.read<PurgeProgress>(
      { organizationId, minPosition: version },
      ({ bucket }) => sql`
        select coalesce(c.position >= l.position, false) and not exists (
            select from edge.purge_asks a where a.bucket = ${bucket} and a.organization_id = ${organizationId}
              and a.tag = any (${carriers}) and a.repeats_left > 0) as "isConfirmed",
          array(select ${receiptBody} from edge.purge_receipts r
            where r.bucket = ${bucket} and r.organization_id = ${organizationId} and r.purged_at > l.recorded_at
              and not r.is_repetition and r.tags && ${carriers}::text[] order by r.id limit ${MOST_RECEIPTS}) as receipts
        from events.log l left join events.checkpoints c on c.track = 'reactor:purge-pages' and c.bucket = l.bucket
        where l.bucket = ${bucket} and l.organization_id = ${organizationId} and l.version = ${version}`,
    );
  }
}
