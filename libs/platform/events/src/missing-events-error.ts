/**
 * Somebody would pass over events: the log does not go on where he stands. As a rule they are in the archive's files. It is never a
 * gap that may be left, since positions have none.
 */
export class MissingEventsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MissingEventsError';
  }

  static behind(bucket: number, position: string): MissingEventsError {
    return new MissingEventsError(`the log of bucket ${bucket} does not go on behind position ${position}`);
  }
}
