import { createHash } from 'node:crypto';
import { ApiClient, newKey } from './api-client';

/** A file that is a PDF by its first bytes. */
export const pdf = (text: string): Buffer => Buffer.from(`%PDF-1.7\n% ${text}\n%%EOF\n`);

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** What an upload of a PDF says of it. */
export const announced = (subject: string, name = 'A receipt', content = pdf(name)): Record<string, unknown> => ({
  ...{ kind: 'receipt', subject, name: `${name}.pdf`, mediaType: 'application/pdf' },
  ...{ bytes: content.length, sha256: sha256(content) },
});

interface Upload {
  readonly document: { readonly id: string };
  readonly upload: { readonly url: string; readonly headers: Record<string, string> };
}

/** Starts an upload and puts its file, which may be another than was announced. */
export async function putFile(
  member: ApiClient,
  subject: string,
  name: string,
  more: object = {},
  content = pdf(name),
): Promise<{ id: string }> {
  const body = { ...announced(subject, name, content), ...more };
  const { document, upload } = (await member.post('/v1/uploads/file', body, newKey())).as<Upload>(201);
  const anybody = new ApiClient(member.url);
  (await anybody.send('PUT', upload.url, { raw: content, headers: upload.headers })).expect(204);
  return document;
}

/** Adds a document. */
export async function addFile(
  member: ApiClient,
  subject: string,
  name: string,
  more: object = {},
  content = pdf(name),
): Promise<{ id: string }> {
  const { id } = await putFile(member, subject, name, more, content);
  return (await member.post(`/v1/uploads/${id}/complete`)).as<{ id: string }>(200);
}
