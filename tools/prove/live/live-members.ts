import { setTimeout as sleep } from 'node:timers/promises';
import type { Principal } from '@innkeep/contracts';
import { LiveClient, type Randomness } from '@innkeep/testing';
import type { LiveWorld } from './live-world';

/** Absences in milliseconds, by how often they come. */
const absences = [0, 50, 300, 1_000, 3_000, 10_000, 30_000];

/** Where somebody listens, and for how long he stays away at most. */
export interface Around {
  readonly world: LiveWorld;
  readonly random: Randomness;
  readonly longestMs: number;
}

/** Somebody who listens, is thrown out and leaves, and always comes back where it stopped. */
export class LiveMember {
  readonly client: LiveClient;
  returns = 0;
  private isLeaving = false;
  private hasLeft = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly around: Around,
    token: string,
    readonly principal: Principal,
    isCompressed: boolean,
  ) {
    const headers = { 'accept-encoding': isCompressed ? 'gzip' : 'identity' };
    this.client = new LiveClient({
      url: around.world.apis[0]!.url,
      token,
      query: '?services=finance',
      headers,
      keeps: false,
    });
  }

  start(): void {
    this.running = this.live();
  }

  private async live(): Promise<void> {
    while (!this.isLeaving) {
      const { random, world } = this.around;
      const api = random.pick(world.apis);
      await this.client.open(api.url).catch(() => undefined);
      if (this.client.isOpen) {
        await this.client.ended();
        this.returns++;
      }
      if (!this.isLeaving) await sleep(50 + random.integer(200));
    }
  }

  /** Drops the connection, and stays away for a while; who is away already stays away no longer for it. */
  async drop(): Promise<void> {
    if (this.isLeaving) return;
    const away = Math.min(this.around.longestMs, this.around.random.pick(absences));
    this.isLeaving = true;
    await this.client.close();
    await this.running;
    await sleep(away);
    if (this.hasLeft) return;
    this.isLeaving = false;
    this.start();
  }

  async leave(): Promise<void> {
    this.hasLeft = true;
    this.isLeaving = true;
    await this.client.close();
    await this.running;
  }
}
