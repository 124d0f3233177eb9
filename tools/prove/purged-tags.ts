import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import type { Proving } from './proof';

/** An edge that keeps nothing and remembers when each tag was purged last: it takes purges as Varnish does. */
export class PurgedTags {
  readonly lastAt = new Map<string, number>();
  private readonly server = createServer((request, response) => {
    const now = Date.now();
    for (const tag of String(request.headers['xkey-purge'] ?? '').split(' ')) this.lastAt.set(tag, now);
    response.end();
  });

  /** Answers with the address to send purges to. */
  async listen(proving: Proving): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    proving.atEnd(async () => {
      this.server.closeAllConnections();
      this.server.close();
    });
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}
