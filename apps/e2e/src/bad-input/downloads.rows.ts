import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { type SignedIn, ApiClient, password } from '../system';
import { expectProblem } from '../system/expect-problem';
import { noSniffing } from './absent.rows';
import { type Place, formulas, missing } from './place';
import { type Checked, type Probe, type Row } from './row';

const tokenOf = (url: string) => new URLSearchParams(url.split('?')[1]).get('token')!;

/** What is made of a link that was given, and has to lead nowhere. */
const leadsNowhere = (what: string, change: (url: string, place: Place) => string | Promise<string>): Checked => ({
  what,
  required: '403 export-link-invalid',
  check: async (place) => {
    const { url } = await (await place.export()).link();
    (await place.anybody.get(url)).expect(200);
    const changed = await change(url, place);
    expectProblem(what, await place.anybody.get(changed), 403, 'export-link-invalid');
    // Nor does it for whoever may have the file.
    expectProblem(what, await place.owner.get(changed), 403, 'export-link-invalid');
  },
});

const withToken = (url: string, token: string) => `${url.split('?')[0]}?token=${token}`;

/** The same token with other claims under the old signature. */
const forged = (url: string, claims: object): string => {
  const [head, payload, signature] = tokenOf(url).split('.') as [string, string, string];
  const told = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const changed = Buffer.from(JSON.stringify({ ...told, ...claims })).toString('base64url');
  return withToken(url, [head, changed, signature].join('.'));
};

const turned = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

const misspelt: Probe = {
  what: 'spellings of the token',
  required: '400 invalid-request, or 403 export-link-invalid',
  check: async (place) => {
    const { url } = await (await place.export()).link();
    const token = tokenOf(url);
    const spellings = ['', 'x'.repeat(501), `${token}=`, `${token}%3D`, encodeURIComponent(`%${token}`), `${token}%00`];
    for (const spelling of [...spellings, `${token}&token=${token}`, `${token}&expires=9999999999`]) {
      const answer = await place.anybody.get(withToken(url, spelling));
      expect([spelling, [400, 403].includes(answer.status)]).toEqual([spelling, true]);
      expect(answer.problem.status).toBe(answer.status);
    }
  },
};

const otherMethods: Probe = {
  what: 'other methods at the link',
  required: '405 method-not-allowed',
  check: async (place) => {
    const { url } = await (await place.export()).link();
    for (const method of ['PUT', 'DELETE', 'PATCH', 'POST'])
      expect([method, (await place.anybody.send(method, url)).status]).toEqual([method, 405]);
  },
};

const afterLogout: Probe = leadsNowhere('after whoever got it has signed out', async (_url, place) => {
  const login = await place.anybody.post('/v1/auth/login', { email: place.owner.email, password });
  const session = new ApiClient(place.innkeep.url, login.as<SignedIn>(200).accessToken);
  const { url } = await (await place.export()).link(session);
  (await place.anybody.get(url)).expect(200);
  (await session.post('/v1/auth/logout')).expect(204);
  return url;
});

const fileNames: Probe = {
  what: 'names in what is downloaded, and in its address',
  required: 'a file name of ours, as an attachment',
  check: async (place) => {
    const { id, link } = await place.export();
    const { url } = await link();
    const { headers } = (await place.anybody.get(url)).expect(200);
    expect(headers.get('content-disposition')).toBe(`attachment; filename="innkeep-export-${id}.tar.gz"`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    for (const name of ['x.html', '..%2F..%2Fetc%2Fpasswd', '%0d%0aSet-Cookie:%20a=b', '%22;%20filename=%22x.html'])
      for (const key of ['filename', 'response-content-disposition', 'name'])
        expect([name, key, (await place.anybody.get(`${url}&${key}=${name}`)).status]).toEqual([name, key, 400]);
    const path = url.split('?')[0]!;
    for (const spelling of [`${path}/x.html`, `${path}%2f..%2fx.html`, `${path};x.html`, `${path}.html`]) {
      const answer = await place.anybody.get(`${spelling}?token=${tokenOf(url)}`);
      expect([spelling, answer.status]).toEqual([spelling, 404]);
      expect(answer.headers.get('content-disposition')).toBeNull();
    }
  },
};

/** The file of this name in a tar archive. */
function fileIn(archive: Buffer, name: string): Buffer {
  for (let at = 0; at + 512 <= archive.length;) {
    const [entry] = archive.toString('latin1', at, at + 100).split('\0');
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 136), 8) || 0;
    if (entry === name) return archive.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`no ${name} in the archive`);
}

const noFormulas: Probe = {
  what: 'texts that begin as formulas do, in every table of an export',
  required: 'an apostrophe in front of each',
  check: async (place) => {
    const { link } = await place.export();
    const archive = gunzipSync((await place.anybody.get((await link()).url)).expect(200).bytes);
    const rows = parse(fileIn(archive, 'properties.properties.csv'), { columns: true }) as Record<string, string>[];
    const names = rows.map(({ name }) => name!);
    expect(names.filter((name) => name.startsWith("'")).length).toBeGreaterThanOrEqual(5);
    const cells = [...archive.toString().matchAll(/(?<=^|,)"?([=+@][^",\r\n]*)/gm)].map(([, cell]) => cell!);
    expect(names.filter((name) => /^[=+\-@\t\r]/.test(name))).toEqual([]);
    expect(cells.filter((cell) => formulas.includes(cell))).toEqual([]);
  },
};

/** B42, B90, B93: what is downloaded, its names and its addresses. */
export const downloads: readonly Row[] = [
  { id: 'B42', what: 'file names in Content-Disposition', probes: [fileNames, noSniffing] },
  {
    id: 'B90',
    what: 'signed addresses that were changed or are over',
    probes: [
      leadsNowhere('another signature', (url) => withToken(url, turned(tokenOf(url), 5))),
      leadsNowhere('another end of it', (url) => forged(url, { exp: 9_999_999_999 })),
      leadsNowhere('another user', (url, place) => forged(url, { sub: String(place.stranger.userId) })),
      leadsNowhere('another organization', (url, place) => forged(url, { org: place.stranger.organizationId })),
      leadsNowhere('half of it', (url) => withToken(url, tokenOf(url).slice(0, 60))),
      leadsNowhere('a file of somebody else’s', (url) => url.replace(/[0-9a-f-]{36}/, missing)),
      misspelt,
      otherMethods,
      afterLogout,
    ],
  },
  { id: 'B93', what: 'formulas in exported tables', probes: [noFormulas] },
];
