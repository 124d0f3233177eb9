import { emailOf } from '../../seed/size/made-up-organization';
import type { Seeded } from '../../seed/size/seed-by-copy';
import { PROPERTIES, type Size } from '../../seed/size/size';
import { PASSWORD } from '../../seed/size/summary';
import type { Entry, ListRoute } from './list-routes';

/** How long an answer took to be here as a whole, and whether it is a list without an entry. */
export interface Answered {
  readonly milliseconds: number;
  readonly isEmpty: boolean;
}

interface List {
  readonly data?: readonly Entry[];
}

/** The owner of an organization, who looks at what there is. */
export class Visitor {
  /** The first entry of each list, once it was looked for. */
  private readonly entries = new Map<string, Entry | undefined>();

  private constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly propertyId: number,
  ) {}

  /** Organizations count from 0. */
  static async signIn(url: string, { seed }: Size, { first }: Seeded, index: number): Promise<Visitor> {
    const response = await fetch(`${url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: emailOf(seed, index + 1, 'owner'), password: PASSWORD }),
    });
    const body = (await response.json()) as { accessToken: string };
    if (!response.ok) throw new Error(`signing in answered ${response.status}: ${JSON.stringify(body)}`);
    return new Visitor(url, body.accessToken, first.property + index * PROPERTIES);
  }

  /** What came of asking; why that is nothing to be measured; or nothing, where there is no entry to ask about. */
  async ask({ addressFor, about }: ListRoute): Promise<Answered | string | undefined> {
    const entry = about && (await this.firstOf(about.list));
    if (about && !entry) return undefined;
    const address = entry ? about!.addressOf(entry) : addressFor(this.propertyId);
    const startedAt = performance.now();
    const response = await this.get(address);
    const text = await response.text();
    const milliseconds = performance.now() - startedAt;
    if (response.status !== 200) return `${response.status}: ${text.slice(0, 200)}`;
    if (response.headers.get('cache-status')?.includes('hit')) return 'it came from a cache';
    return { milliseconds, isEmpty: (JSON.parse(text) as List).data?.length === 0 };
  }

  private async firstOf(list: string): Promise<Entry | undefined> {
    if (!this.entries.has(list)) {
      const { data } = (await (await this.get(list)).json()) as List;
      this.entries.set(list, data?.[0]);
    }
    return this.entries.get(list);
  }

  private get(address: string): Promise<Response> {
    return fetch(this.url + address, { headers: { authorization: `Bearer ${this.token}` } });
  }
}
