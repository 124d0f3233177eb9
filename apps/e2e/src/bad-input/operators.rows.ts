import { expectProblem } from '../system/expect-problem';
import { type Probe, type Row } from './row';

const surfaces = ['/metrics', '/docs', '/docs/', '/openapi.json', '/admin/queues', '/v1/system/projections'];

const hidden = (path: string): Probe => ({
  what: `${path}, for the public`,
  required: '404 not-found',
  check: async (place) => {
    expectProblem(path, await place.anybody.get(path), 404, 'not-found');
    expectProblem(path, await place.owner.get(path), 404, 'not-found');
    expectProblem(path, await place.owner.get(path, { host: `127.0.0.1:${place.operatorPort}` }), 404, 'not-found');
  },
});

const closed = (what: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Probe => ({
  what,
  ask: (place) => place.operators.send(method, path, { headers }),
  status: 401,
  code: undefined,
});

const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

/** B96: what is for those who run the system. */
export const operators: readonly Row[] = [
  {
    id: 'B96',
    what: 'what is for operators, asked for by others',
    probes: [
      ...[...surfaces, '/%6detrics', '/%64ocs', '/v1/system/auth/login'].map(hidden),
      closed('the queues, by nobody', '/admin/queues'),
      closed('the queues, by a password that everybody knows', '/admin/queues', basic('admin:admin')),
      closed('the queues, by none', '/admin/queues', basic('operator@innkeep.example:')),
      closed(
        'changed by a page of another origin',
        '/admin/queues/api/queues/purge/clean/failed',
        { origin: 'https://evil.example' },
        'PUT',
      ),
      closed('the projections, by nobody', '/v1/system/projections'),
      {
        what: 'the projections, by an owner',
        required: '401',
        check: async (place) => {
          const answer = await place.operators.get('/v1/system/projections', {
            authorization: `Bearer ${place.owner.token}`,
          });
          expectProblem('an owner', answer, 401, 'token-invalid');
        },
      },
      {
        what: 'shown in a frame',
        required: "frame-ancestors 'none'",
        check: async (place) => {
          for (const path of ['/docs', '/admin/queues', '/metrics', '/openapi.json']) {
            const { headers } = await place.operators.get(path);
            expect([path, headers.get('content-security-policy')]).toEqual([
              path,
              expect.stringContaining("frame-ancestors 'none'"),
            ]);
          }
        },
      },
    ],
  },
];
