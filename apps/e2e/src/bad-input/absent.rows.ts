import { createServer } from 'node:net';
import { type ApiDocument, type Member, allInput, pathsLike } from './api-document';
import { type Place } from './place';
import { type Probe, type Row } from './row';

/** Files and streams have rows of their own (B42, B71, B77, B90, B91, B93); files of reports are tried in reporting.e2e.spec.ts. */
const isTriedElsewhere = (surface: string) =>
  /^(get )?(application\/(gzip|pdf|vnd\.openxmlformats[\w.-]+)$|image\/|text\/csv$|\/v1\/((organization\/)?exports|uploads|documents)|\/assets\/|text\/event-stream$|\/v\d\/([\w-]+\/)?realtime\/)/.test(
    surface,
  );

/** Answers with what of the kind the product has after all; as long as that is nothing, there is nothing to try. */
type Surfaces = (document: ApiDocument) => readonly string[];

const absent = (id: string, what: string, surfaces: Surfaces, more: readonly Probe[] = []): Row => ({
  id,
  what,
  isNotOffered: true,
  probes: [
    {
      what: 'no route of the document takes it',
      required: 'not offered',
      check: async ({ document }) => {
        expect(Object.keys(document.paths).length).toBeGreaterThan(20);
        expect(surfaces(document).filter((surface) => !isTriedElsewhere(surface))).toEqual([]);
      },
    },
    ...more,
  ],
});

const named =
  (names: RegExp, matches: (member: Member) => boolean = () => true): Surfaces =>
  (document) =>
    allInput(document)
      .filter((member) => names.test(member.name) && matches(member))
      .map(nameOf);
const nameOf = ({ operation, place, name }: Member) => `${operation} ${place} ${name}`;

/** Addresses in text are text: nobody goes there. */
const notVisited: Probe = {
  what: 'addresses in every text',
  required: 'never visited',
  check: async (place: Place) => {
    let visits = 0;
    const trap = createServer((socket) => {
      visits++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const { port } = trap.address() as { port: number };
    const url = `http://127.0.0.1:${port}/`;
    const { owner } = place;
    (await place.expense({ description: url, category: url, externalReference: url })).expect(201);
    (await owner.post('/v1/properties', { name: url, timeZone: 'UTC', currency: 'EUR' })).expect(201);
    const headers = {
      referer: url,
      origin: url,
      forwarded: `host=127.0.0.1:${port}`,
      'x-forwarded-host': `127.0.0.1:${port}`,
    };
    (await owner.get('/v1/properties', headers)).expect(200);
    await new Promise((resolve) => trap.close(resolve));
    expect(visits).toBe(0);
  },
};

/** Of B42: answers that are no files. */
export const noSniffing: Probe = {
  what: 'no answer that a browser would save or show as a page',
  required: 'nosniff, no Content-Disposition',
  check: async (place) => {
    for (const path of ['/v1/properties', '/v1/finance/expenses', '/v1/nothing', '/problems/not-found']) {
      const { headers } = await place.owner.get(path);
      expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
      expect([path, headers.get('content-disposition')]).toEqual([path, null]);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
  },
};

/** What the product does not take or give yet. The day it does, its row here fails until it has probes. */
export const notOffered: readonly Row[] = [
  absent('B80', 'synchronisation tokens that were forged or changed', (document) => [
    ...pathsLike(document, /sync|changes|delta/i),
    ...named(/sync|^(?!If-Modified-)\w*since/i)(document),
  ]),
  absent('B81', 'synchronisation tokens older than what is remembered', (document) =>
    pathsLike(document, /sync|changes|delta/i),
  ),
  absent(
    'B92',
    'addresses that the server would visit',
    (document) => [
      ...named(/ur[il]|webhook|callback|avatar|endpoint|redirect|host/i)(document),
      ...allInput(document)
        .filter(({ schema }) => /^(uri|url|iri|hostname)/.test(schema.format ?? ''))
        .map(nameOf),
    ],
    [notVisited],
  ),
  absent('B94', 'messages that others post to us', (document) =>
    pathsLike(document, /webhook|hooks?\b|callback|inbound/i),
  ),
  absent('B95', 'telemetry from clients', (document) =>
    // What is only read takes nothing from anybody.
    pathsLike(document, /telemetry|vitals|beacon|analytics|events/i).filter((path) =>
      Object.keys(document.paths[path]!).some((method) => method !== 'get'),
    ),
  ),
];
