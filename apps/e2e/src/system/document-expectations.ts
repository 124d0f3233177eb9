import { newKey } from './api-client';
import { announced } from './files';
import type { RouteExpectation, Statuses } from './route-expectations';
import type { Ids } from './scene';

/** What the table of routes is made with. */
interface Expecting {
  all(status: number): Statuses;
  simply(path: string, statuses: Statuses, body?: unknown): RouteExpectation;
  ofOwner(path: string, statuses: Statuses, idOf: (ids: Ids) => Promise<string>, body?: unknown): RouteExpectation;
}

/** Who may put files, and see those of a property. */
export function documentRoutes({ all, simply, ofOwner }: Expecting): Record<string, RouteExpectation | 'open'> {
  const seen = (status: number) => ({ ...all(status), stranger: 404, elsewhere: 404 });
  return {
    'POST /v1/uploads/file': {
      ask: async (ids) => {
        const id = await ids.pending('expense');
        return { path: '/v1/uploads/file', body: announced(`transaction:${id}`), headers: newKey(), ids: [id] };
      },
      statuses: { ...all(201), stranger: 422, elsewhere: 422, auditor: 403 },
    },
    // Only who has started it completes it.
    'POST /v1/uploads/{id}/complete': ofOwner(
      '/v1/uploads/{id}/complete',
      { ...all(404), owner: 200, auditor: 403 },
      ({ upload }) => upload(),
    ),
    // By the token of the upload alone.
    'PUT /v1/uploads/{id}/content': 'open',
    'GET /v1/documents': simply('/v1/documents', all(200)),
    'GET /v1/documents/{id}': ofOwner('/v1/documents/{id}', seen(200), ({ document }) => document()),
    // Added by the owner: staff delete only what is their own.
    'DELETE /v1/documents/{id}': ofOwner(
      '/v1/documents/{id}',
      { ...seen(204), staff: 403, auditor: 403 },
      ({ document }) => document(),
    ),
    'POST /v1/documents/{id}/links': ofOwner('/v1/documents/{id}/links', seen(201), ({ document }) => document(), {
      purpose: 'view',
    }),
    // By the token of the link alone.
    'GET /v1/documents/{id}/content': 'open',
    // For everybody who has the address.
    'GET /assets/{hash}/{filename}': 'open',
  };
}
