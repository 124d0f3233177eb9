/** Another instance has advanced these checkpoints meanwhile, or the track's projections have changed; the rows were rolled back. */
export class FencedError extends Error {
  constructor(track: string) {
    super(`the checkpoints of ${track} have moved on`);
    this.name = 'FencedError';
  }
}
