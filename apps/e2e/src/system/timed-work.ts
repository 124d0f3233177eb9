import { QUEUE_PREFIX, queueConnection, queues } from '@innkeep/platform/jobs';
import { Queue } from 'bullmq';
import type { InnkeepUnderTest } from './innkeep-under-test';

/** Has the worker look now for what is due of a kind, and not when its time has come. */
export async function runTimedWork(innkeep: InnkeepUnderTest, name: string): Promise<void> {
  const connection = queueConnection(innkeep.redisUrl);
  const queue = new Queue(queues.timedWork, { connection, prefix: QUEUE_PREFIX });
  await queue.add(name, {}, { removeOnComplete: true });
  await queue.close();
}
