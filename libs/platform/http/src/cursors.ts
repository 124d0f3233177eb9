import { createHmac, timingSafeEqual } from 'node:crypto';
import { DomainError } from '@innkeep/contracts';
import { httpProblems } from './http.problems';

const MAC_BYTES = 16;

/**
 * Opaque, authenticated cursors. A cursor holds where the page ended and is bound to the list it came from: organization, route and
 * filter. It is not an authorization: what it may show is decided anew on each page.
 */
export class Cursors {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = createHmac('sha256', secret).update('cursors').digest();
  }

  encode(list: string, position: readonly (string | number)[]): string {
    const payload = Buffer.from(JSON.stringify(position));
    return Buffer.concat([this.mac(list, payload), payload]).toString('base64url');
  }

  decode(list: string, cursor: string): (string | number)[] {
    const bytes = Buffer.from(cursor, 'base64url');
    const payload = bytes.subarray(MAC_BYTES);
    const isGenuine =
      bytes.length > MAC_BYTES &&
      bytes.toString('base64url') === cursor &&
      timingSafeEqual(bytes.subarray(0, MAC_BYTES), this.mac(list, payload));
    if (!isGenuine)
      throw new DomainError(
        httpProblems['invalid-cursor'],
        'Start from the first page, without a cursor, and keep the other parameters the same from page to page.',
      );
    return JSON.parse(payload.toString()) as (string | number)[];
  }

  /**
   * A page of a list in the order of its ids, from rows that were asked for with one more than the limit: whether that one is there says
   * whether there is another page.
   */
  pageOf<Body extends { readonly id: string | number }>(
    list: string,
    rows: readonly { readonly body: Body }[],
    limit: number,
  ): { data: Body[]; nextCursor: string | null } {
    const data = rows.slice(0, limit).map(({ body }) => body);
    return { data, nextCursor: rows.length > limit ? this.encode(list, [data.at(-1)!.id]) : null };
  }

  private mac(list: string, payload: Buffer): Buffer {
    return createHmac('sha256', this.key).update(list).update('\n').update(payload).digest().subarray(0, MAC_BYTES);
  }
}
