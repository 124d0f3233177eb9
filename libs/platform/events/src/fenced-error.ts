/** What PostgreSQL answers when checkpoints are no longer where they were read. */
const MOVED_ON = 'IK001';

/** Another instance has advanced these checkpoints meanwhile, or the track's projections have changed; the rows were rolled back. */
export class FencedError extends Error {
  constructor(track: string) {
    super(`the checkpoints of ${track} have moved on`);
    this.name = 'FencedError';
  }

  /** To catch with: rethrows what the advance of this track's checkpoints failed with, by this name if that is the reason. */
  static of(track: string): (error: unknown) => never {
    return (error) => {
      throw (error as { code?: string }).code === MOVED_ON ? new FencedError(track) : error;
    };
  }
}
