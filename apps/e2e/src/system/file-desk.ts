import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@innkeep/testing';
import type { Answer, ApiClient } from './api-client';
import { sha256 } from './files';
import type { InnkeepUnderTest } from './innkeep-under-test';
import { type Member, type Property, type Transaction, signUp } from './members';

/** A document as members see it. */
export interface Document {
  readonly id: string;
  readonly status: string;
  readonly preview: string;
  readonly sha256: string;
  readonly name: string;
  readonly retainUntil: string | null;
  readonly assetUrl: string | null;
  readonly width: number | null;
}

/** A started upload. */
export interface Upload {
  readonly document: Document;
  readonly upload: { readonly url: string; readonly headers: Record<string, string>; readonly expiresAt: string };
}

/** Two organizations, and what is done with files in them. */
export class FileDesk {
  owner!: Member;
  stranger!: Member;
  property!: Property;
  /** An expense that waits to be approved. */
  expense!: string;

  constructor(private readonly innkeep: InnkeepUnderTest) {}

  async open(): Promise<void> {
    const { anybody } = this.innkeep;
    [this.owner, this.stranger] = [await signUp(anybody), await signUp(anybody, 'Strangers')];
    this.property = await this.owner.addProperty();
    this.expense = (await this.owner.record('expense', this.property.id)).as<Transaction>(201).id;
  }

  announce(content: Buffer, more: object = {}): Record<string, unknown> {
    return {
      ...{ kind: 'receipt', subject: `transaction:${this.expense}`, name: 'Receipt nº 7.pdf' },
      ...{ mediaType: 'application/pdf', bytes: content.length, sha256: sha256(content), ...more },
    };
  }

  async start(content: Buffer, more: object = {}, member: ApiClient = this.owner): Promise<Upload> {
    return (await member.post('/v1/uploads/file', this.announce(content, more))).as<Upload>(201);
  }

  put({ upload }: Upload, content: Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    const sent = { raw: content, headers: { ...upload.headers, ...headers } };
    return this.innkeep.anybody.send('PUT', upload.url, sent);
  }

  complete(id: string, member: ApiClient = this.owner): Promise<Answer> {
    return member.post(`/v1/uploads/${id}/complete`);
  }

  async add(content: Buffer, more: object = {}, member: ApiClient = this.owner): Promise<Document> {
    const started = await this.start(content, more, member);
    (await this.put(started, content)).expect(204);
    return (await this.complete(started.document.id, member)).as<Document>(200);
  }

  async linkTo(id: string, body: object = { purpose: 'view' }, member: ApiClient = this.owner) {
    return (await member.post(`/v1/documents/${id}/links`, body)).as<{ url: string; expiresAt: string }>(201);
  }

  /** As somebody who is not signed in. */
  get(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
    return this.innkeep.anybody.send(method, url, { headers });
  }

  /** The files of an organization that are on the disk. */
  async filesOf(organizationId: number): Promise<string[]> {
    const all = await readdir(join(this.innkeep.dataDir, 'files'), { recursive: true, withFileTypes: true });
    const names = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return names.filter((name) => name.includes(`/org/${organizationId}/`));
  }

  drawn(id: string, preview = 'ready'): Promise<Document> {
    return eventually(async () => {
      const seen = (await this.owner.get(`/v1/documents/${id}`)).as<Document>(200);
      if (seen.preview !== preview) throw new Error(`the preview is ${seen.preview}`);
      return seen;
    });
  }
}
