import { newKey } from './api-client';
import type { RouteExpectation, Statuses } from './route-expectations';

/** What the table of routes is made with. */
interface Expecting {
  all(status: number): Statuses;
  simply(path: string, statuses: Statuses, body?: unknown): RouteExpectation;
  ofProperty(path: string, statuses: Statuses, body?: (propertyId: number) => unknown): RouteExpectation;
}

const ofTask = (suffix: string, statuses: Statuses, body?: unknown): RouteExpectation => ({
  ask: async (ids) => {
    const { id, itemId } = await ids.task();
    const path = `/v1/tasks/${id}${suffix.replace('{itemId}', itemId)}`;
    return { path, body, headers: newKey(), ids: [id, itemId] };
  },
  statuses,
});

/** Who may do what with tasks and with what an organization looks like. */
export function taskRoutes({ all, simply, ofProperty }: Expecting): Record<string, RouteExpectation> {
  const seen = { ...all(200), stranger: 404, elsewhere: 404 };
  const managed = (status: number) => ({ ...seen, owner: status, manager: status, staff: 403, auditor: 403 });
  return {
    'POST /v1/tasks': ofProperty(
      '/v1/tasks',
      { ...all(201), stranger: 422, elsewhere: 422, auditor: 403 },
      (propertyId) => ({ title: 'Of the table', propertyId }),
    ),
    'GET /v1/tasks': ofProperty('/v1/tasks?propertyId={id}', seen),
    'GET /v1/tasks/board': ofProperty('/v1/tasks/board?propertyId={id}', seen),
    'GET /v1/tasks/{id}': ofTask('', seen),
    // Made by the owner, whose it is to do: staff change only what is theirs.
    'PATCH /v1/tasks/{id}': ofTask('', managed(200), { priority: 'urgent' }),
    'PUT /v1/tasks/{id}/status': ofTask('/status', managed(200), { status: 'done' }),
    'PUT /v1/tasks/{id}/assignee': ofTask('/assignee', managed(200), { assigneeId: null }),
    'PUT /v1/tasks/{id}/checklist/{itemId}': ofTask('/checklist/{itemId}', managed(200), { isDone: true }),
    'POST /v1/tasks/{id}/comments': ofTask('/comments', { ...managed(201), staff: 201 }, { text: 'Of the table' }),
    'GET /v1/tasks/{id}/comments': ofTask('/comments', seen),
    'GET /v1/branding/theme': simply('/v1/branding/theme', all(200)),
    'PATCH /v1/branding/theme': simply(
      '/v1/branding/theme',
      { ...all(200), staff: 403, auditor: 403, elsewhere: 403 },
      { font: 'serif' },
    ),
    'GET /v1/bootstrap/static': simply('/v1/bootstrap/static', all(200)),
    'GET /v1/bootstrap/user': simply('/v1/bootstrap/user', all(200)),
  };
}
