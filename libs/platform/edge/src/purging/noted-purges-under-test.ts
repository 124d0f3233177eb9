import type { PurgeProvider } from './provider';

/** A CDN that notes what it is asked to purge. */
export class NotedPurges implements PurgeProvider {
  readonly name = 'noted';
  readonly batches: string[][] = [];
  behaviour: (tags: readonly string[]) => Promise<readonly string[] | void> = async () => undefined;
  constructor(
    readonly batchSize = 30,
    readonly largestBatch = 100,
    readonly quota?: PurgeProvider['quota'],
  ) {}
  async purge(purged: readonly string[]): Promise<readonly string[]> {
    this.batches.push([...purged].sort());
    return (await this.behaviour(purged)) ?? purged;
  }
}
