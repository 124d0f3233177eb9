import type { HotPage, HotPages } from './hot-pages';

/** How much warming may be done. */
export interface WarmingBudget {
  /** Organizations at the most; named ones count alone. */
  readonly organizations: number;
  /** Pages of each at the most. */
  readonly pages: number;
  /** After this nothing more is begun. */
  readonly seconds: number;
  readonly organizationIds?: readonly number[];
}

/** What came of it. */
export interface Warmed {
  readonly organizations: number;
  readonly pages: number;
  readonly failed: number;
  /** The time was over before the work was. */
  readonly isCutShort: boolean;
  readonly seconds: number;
}

/** Asks for a page as one of those who look at it would; answers whether there was one. */
export type AskForPage = (page: HotPage) => Promise<boolean>;

/** How many pages are asked for at the same time: those who wait for an answer go first. */
const AT_ONCE = 2;

/** Has what is looked at most read before anybody asks for it, within a budget. One at a time: who comes while it runs joins it. */
export class CacheWarmer {
  private running: Promise<Warmed> | undefined;

  constructor(
    private readonly hot: HotPages,
    private readonly ask: AskForPage,
  ) {}

  warm(budget: WarmingBudget): Promise<Warmed> {
    this.running ??= this.warmAll(budget).finally(() => (this.running = undefined));
    return this.running;
  }

  private async warmAll({ organizations, pages, seconds, organizationIds }: WarmingBudget): Promise<Warmed> {
    const startedAt = performance.now();
    const elapsed = () => (performance.now() - startedAt) / 1_000;
    const warmed = { organizations: 0, pages: 0, failed: 0 };
    const ids = organizationIds ?? (await this.hot.organizations(organizations));
    let isCutShort = false;
    for (const id of ids.slice(0, organizations)) {
      const queue = await this.hot.pagesOf(id, pages);
      if (queue.length === 0) continue;
      warmed.organizations++;
      const one = async () => {
        for (let page = queue.shift(); page; page = queue.shift()) {
          if (elapsed() >= seconds) return void (isCutShort = true);
          const isThere = await this.ask(page).catch(() => false);
          if (isThere) warmed.pages++;
          else warmed.failed++;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, one));
      if (isCutShort) break;
    }
    return { ...warmed, isCutShort, seconds: Math.round(elapsed() * 1_000) / 1_000 };
  }
}
