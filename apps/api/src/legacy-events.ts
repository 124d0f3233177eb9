import { DomainError } from '@innkeep/contracts';
import { httpProblems } from '@innkeep/platform/http';
import type { FastifyInstance } from 'fastify';

/** Tells clients that still ask for events where they were once given that this is over for good: nothing makes them stop asking but 410. */
export function refuseLegacyEvents(server: FastifyInstance): void {
  const rules = { allow: 'public', summary: 'Was how changes were followed' } as const;
  server.get('/v1/finance/events/subscribe', { config: { rules } }, () => {
    throw new DomainError(
      httpProblems.gone,
      'Events are not given here any more. Use GET /v1/finance/realtime/subscribe, or GET /v2/realtime/stream.',
    );
  });
}
