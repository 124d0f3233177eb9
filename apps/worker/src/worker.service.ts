import { LOGGER, features } from '@innkeep/assembly';
import { Directory, Shards, UnitOfWork } from '@innkeep/platform/database';
import { logProvider, varnishProvider } from '@innkeep/platform/edge';
import { QUEUE_PREFIX, debounced, queueConnection, queues } from '@innkeep/platform/jobs';
import type { Mailer } from '@innkeep/platform/mail';
import type { Logger } from '@innkeep/platform/telemetry';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type Job, Queue, Worker } from 'bullmq';
import type { WorkerEnvironment } from './environment';
import { keepHouse } from './housekeeping.job';
import { PurgeDrain } from './purge-cdn.job';
import { refreshView } from './refresh-view.job';
import { MailDrain } from './send-mail.job';

export const ENVIRONMENT = Symbol('environment');
/** Takes mails away, or null where nothing does. */
export const MAILER = Symbol('mailer');

/** What the features say has to be removed from time to time. */
const removals = features.flatMap((feature) => [...(feature.housekeeping ?? [])]);

const HOUR_MS = 3_600_000;
const FIRST_REFRESH_MS = 1_000;

/** Runs the queues. What a job is to do stands in PostgreSQL; the job only says that it is time to look. */
@Injectable()
export class WorkerService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly purges: PurgeDrain;
  private readonly mails: MailDrain | undefined;
  private readonly workers: Worker[] = [];
  private readonly queues: Queue[] = [];

  constructor(
    private readonly shards: Shards,
    @Inject(ENVIRONMENT) private readonly environment: WorkerEnvironment,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(MAILER) mailer: Mailer | null,
    directory: Directory,
    unitOfWork: UnitOfWork,
  ) {
    const provider =
      environment.CDN_PROVIDER === 'varnish' ? varnishProvider(environment.VARNISH_URLS) : logProvider(logger);
    this.purges = new PurgeDrain(shards, provider, logger);
    const kinds = features.flatMap((feature) => [...(feature.mails ?? [])]);
    const parts = { directory, shards, unitOfWork, kinds, appUrl: environment.APP_URL, logger };
    this.mails = mailer ? new MailDrain({ ...parts, mailer }) : undefined;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.purges.startSweeping();
    if (this.mails) this.mails.startSweeping();
    else this.logger.warn('SMTP_URL is not set: mails are not sent, and given up after a day');
    this.work(queues.purgeCdn, () => this.purges.drain());
    this.work(queues.refreshView, (job) => this.refresh(job.name));
    this.work(queues.housekeeping, async () => {
      const done = await keepHouse(this.shards, removals);
      this.logger.info(done, 'housekeeping');
    });
    await keepHouse(this.shards, removals);
    // Redis may be away at start: the schedules are made when it comes.
    void this.schedule().catch((error: unknown) => this.logger.warn({ err: error }, 'schedules could not be made'));
  }

  async onModuleDestroy(): Promise<void> {
    // A running job is finished, a waiting one stays in the queue.
    await Promise.all(this.workers.map((worker) => worker.close()));
    await Promise.all([this.purges.stop(), this.mails?.stop()]);
    await Promise.all(this.queues.map((queue) => queue.close()));
  }

  private work(name: string, process: (job: Job) => Promise<unknown>): void {
    const worker = new Worker(name, process, {
      connection: queueConnection(this.environment.REDIS_URL),
      prefix: QUEUE_PREFIX,
      lockDuration: 10_000,
      stalledInterval: 10_000,
    });
    worker.on('error', (error) => this.logger.debug({ err: error, queue: name }, 'queue connection'));
    worker.on('failed', (job, error) => this.logger.warn({ err: error, queue: name, job: job?.name }, 'job failed'));
    this.workers.push(worker);
  }

  private queue(name: string): Queue {
    const queue = new Queue(name, { connection: queueConnection(this.environment.REDIS_URL), prefix: QUEUE_PREFIX });
    queue.on('error', () => undefined);
    this.queues.push(queue);
    return queue;
  }

  private async schedule(): Promise<void> {
    const refreshes = this.queue(queues.refreshView);
    for (const view of features.flatMap((feature) => [...(feature.views ?? [])])) {
      await refreshes.upsertJobScheduler(
        view.name,
        { every: view.everySeconds * 1_000 },
        { name: view.name, opts: { removeOnComplete: { count: 20 }, removeOnFail: { count: 100 } } },
      );
      await refreshes.add(view.name, {}, debounced(view.name, FIRST_REFRESH_MS));
    }
    await this.queue(queues.housekeeping).upsertJobScheduler(
      'hourly',
      { every: HOUR_MS },
      { name: 'hourly', opts: { removeOnComplete: { count: 20 } } },
    );
  }

  private async refresh(name: string): Promise<void> {
    const view = features.flatMap((feature) => [...(feature.views ?? [])]).find((one) => one.name === name);
    if (!view) throw new Error(`there is no view by the name ${name}`);
    await refreshView(this.shards, view);
  }
}
