import { image, pngOf } from '../system/document-images';
import { expectProblem } from '../system/expect-problem';
import type { Upload } from '../system/file-desk';
import { pdf, sha256 } from '../system/files';
import type { Checked, Probe, Row } from './row';

const ignoredRange: Probe = {
  what: 'parts of what is given whole',
  required: '200, the whole',
  check: async (place) => {
    const path = `/v1/properties/${place.propertyId}`;
    const whole = (await place.owner.get(path)).expect(200);
    const many = Array.from({ length: 1_000 }, (_, index) => `${index}-${index + 5}`).join(',');
    for (const range of ['bytes=0-3', 'bytes=-5', 'bytes=99999-', `bytes=${many}`, 'items=0-1', 'x']) {
      const answer = (await place.owner.get(path, { range })).expect(200);
      expect([answer.text, answer.headers.get('content-range')]).toEqual([whole.text, null]);
    }
  },
};

const partsOfFiles: Probe = {
  what: 'parts of a file: many that overlap, none, and beyond its end',
  required: '206 with one part; 416 range-not-satisfiable; else 200, the whole',
  check: async (place) => {
    const { url } = await (await place.export()).link();
    const whole = (await place.anybody.get(url)).expect(200);
    const size = whole.bytes.length;
    for (const [range, part] of [
      ['bytes=0-3', whole.bytes.subarray(0, 4)],
      ['bytes=-5', whole.bytes.subarray(-5)],
      [`bytes=${size - 2}-99999999`, whole.bytes.subarray(-2)],
    ] as const) {
      const answer = (await place.anybody.get(url, { range })).expect(206);
      expect([range, answer.bytes.equals(part)]).toEqual([range, true]);
      expect(answer.headers.get('content-range')).toMatch(new RegExp(`^bytes \\d+-\\d+/${size}$`));
    }
    for (const range of [`bytes=${size}-`, 'bytes=99999999999999-', 'bytes=-0'])
      expectProblem(range, await place.anybody.get(url, { range }), 416, 'range-not-satisfiable');
    const many = Array.from({ length: 1_000 }, (_, index) => `${index}-${index + 5}`).join(',');
    for (const range of [`bytes=${many}`, 'bytes=0-1,2-3', 'bytes=5-1', 'bytes=--1', 'bytes=a-b', 'lines=0-1', 'x'])
      expect([range, (await place.anybody.get(url, { range })).expect(200).bytes.length]).toEqual([range, size]);
  },
};

/** An announcement of an upload with one thing wrong in it. */
const notAnnounced = (what: string, pointer: string, wrong: readonly object[]): Checked => ({
  what,
  required: '400 invalid-request',
  check: async (place) => {
    const desk = await place.fileDesk();
    for (const more of wrong) {
      const answer = await desk.owner.post('/v1/uploads/file', desk.announce(pdf('a receipt'), more));
      expectProblem(JSON.stringify(more), answer, 400, 'invalid-request');
      expect([more, answer.problem.errors?.map((error) => error.pointer)]).toEqual([more, [pointer]]);
    }
  },
});

const lies: Probe = {
  what: 'content that is not of the type that was announced, or has another checksum',
  required: '422 upload-refused',
  check: async (place) => {
    const desk = await place.fileDesk();
    const script = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    const eicar = Buffer.from('X5O!P%@AP[4\\PZX54(P^)7CC)7}$' + 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*');
    const zip = Buffer.from('504b0304140000000000', 'hex');
    for (const [content, more] of [
      [Buffer.from('<html><script>alert(1)</script></html>'), {}],
      [script, { mediaType: 'image/png' }],
      [eicar, {}],
      [zip, {}],
      [await image(), { mediaType: 'image/png' }],
      [Buffer.concat([Buffer.from('\n\n<!--'), pdf('late')]), { mediaType: 'image/jpeg' }],
      [pdf('one thing'), { sha256: sha256(pdf('other thing')) }],
    ] as const) {
      const started = await desk.start(content, more);
      (await desk.put(started, content)).expect(204);
      expectProblem(JSON.stringify(more), await desk.complete(started.document.id), 422, 'upload-refused');
    }
  },
};

const flood: Probe = {
  what: 'an image of a few bytes that claims to have 60,000 by 60,000 points',
  required: 'kept as it is, and not drawn',
  check: async (place) => {
    const desk = await place.fileDesk();
    const { id } = await desk.add(pngOf(60_000, 60_000), { mediaType: 'image/png' });
    await desk.drawn(id, 'failed');
  },
};

const otherBytes: Probe = {
  what: 'more or fewer bytes than were announced',
  required: '400 or a closed connection; 409 upload-incomplete',
  check: async (place) => {
    const desk = await place.fileDesk();
    const content = pdf('as announced');
    const put = async (started: Upload, bytes: Buffer) =>
      (await desk.put(started, bytes).catch(() => ({ status: 'closed' }))).status;
    for (const bytes of [Buffer.concat([content, Buffer.alloc(9)]), content.subarray(0, -1), Buffer.alloc(0)]) {
      const started = await desk.start(content);
      expect([bytes.length, await put(started, bytes)]).toEqual([bytes.length, expect.not.stringMatching(/^204$/)]);
      expectProblem('complete', await desk.complete(started.document.id), 409, 'upload-incomplete');
    }
  },
};

/** B77, B91: parts of files, and files that are not what they say. */
export const files: readonly Row[] = [
  { id: 'B77', what: 'parts of an answer (Range)', probes: [ignoredRange, partsOfFiles] },
  {
    id: 'B91',
    what: 'files that are not what they say',
    probes: [
      notAnnounced(
        'names that lead elsewhere',
        '/name',
        ['../../etc/passwd', '..\\windows\\win.ini', '/absolute', '..', 'a\u202efdp.exe'].map((name) => ({ name })),
      ),
      notAnnounced(
        'no bytes, too many, and no number of them',
        '/bytes',
        [0, -1, 1.5, 33 * 1024 * 1024, '9'].map((bytes) => ({ bytes })),
      ),
      notAnnounced(
        'types that browsers run, and archives',
        '/mediaType',
        ['text/html', 'image/svg+xml', 'application/javascript', 'application/zip'].map((mediaType) => ({ mediaType })),
      ),
      lies,
      otherBytes,
      flood,
    ],
  },
];
