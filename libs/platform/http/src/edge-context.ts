import { tags } from '@innkeep/contracts';
import { type EdgeHeaders, PARTITION_HEADER, type TenantPartitions } from '@innkeep/platform/edge';
import type { FastifyInstance } from 'fastify';
import { callerOf } from './request-state';
import type { Revocations } from './revocations';

/** Where the edge learns who a caller is. It is the edge's own: it hands nothing on to it from outside. */
export const EDGE_CONTEXT_PATH = '/v1/edge/context';

/** A lookup that took longer may have begun before rights changed, and end after the purge that the change asked for. In milliseconds. */
const DEADLINE_MS = 1_000;

export interface EdgeContextSettings {
  readonly edge: EdgeHeaders;
  readonly partitions: TenantPartitions;
  readonly revocations: Revocations;
}

/**
 * Tells the edge the partition of a caller, to be kept for as long as the token lives, under the tags of the user and the
 * organization: it is purged when rights change or a session ends. What was revoked is read first, so that no lookup that began after
 * a revocation lets its caller in.
 */
export function serveEdgeContext(
  server: FastifyInstance,
  { edge, partitions, revocations }: EdgeContextSettings,
): void {
  server.get(
    EDGE_CONTEXT_PATH,
    { config: { rules: { allow: 'signed-in', summary: 'Who the caller is, for the edge' } } },
    async (request, reply) => {
      const caller = callerOf(request);
      await revocations.becomeCurrent();
      const refusal = revocations.refusalOf(caller.principal);
      if (refusal) throw refusal;
      const { userId, organizationId } = caller.principal;
      const seconds = Math.floor(caller.expiresAt - Date.now() / 1000);
      const isLate = performance.now() - request.startedAt > DEADLINE_MS;
      const lifetime = isLate || seconds <= 0 ? 'no-store' : `max-age=${seconds}`;
      void reply.headers({
        [PARTITION_HEADER]: partitions.nameOf(caller),
        'cache-control': 'private, no-store',
        'cdn-cache-control': lifetime,
        ...edge.tagFields([tags.user(userId), tags.organization(organizationId)]),
      });
      return {};
    },
  );
}
