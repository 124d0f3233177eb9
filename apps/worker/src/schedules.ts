import type { Queue } from 'bullmq';

/** A job that a queue makes by itself, again and again. */
export interface Schedule {
  readonly name: string;
  readonly everyMs: number;
}

const removal = { removeOnComplete: { count: 20 }, removeOnFail: { count: 100 } };

/**
 * The schedules of a queue. They live in Redis, which may lose them with everything else: what is missing is made again, so that
 * a Redis that was emptied does not stop for good what time is to bring about.
 */
export class Schedules {
  constructor(
    private readonly queue: Queue,
    private readonly wanted: readonly Schedule[],
  ) {}

  /** Makes the schedules as they are wanted now, and removes those that are wanted no more. */
  async make(): Promise<void> {
    const known = await this.queue.getJobSchedulers();
    for (const { key } of known)
      if (!this.wanted.some(({ name }) => name === key)) await this.queue.removeJobScheduler(key);
    for (const schedule of this.wanted) {
      // One that is right goes on as it is: made anew its next job would be put off.
      const isRight = known.some(({ key, every }) => key === schedule.name && Number(every) === schedule.everyMs);
      if (!isRight) await this.add(schedule);
    }
  }

  private async add({ name, everyMs }: Schedule): Promise<void> {
    await this.queue.upsertJobScheduler(name, { every: everyMs }, { name, opts: removal });
  }
}
