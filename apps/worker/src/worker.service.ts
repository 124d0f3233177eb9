import { join } from 'node:path';
import { LOGGER, exportedBy, features } from '@innkeep/assembly';
import { type OrphanSearch, removeOrphans } from '@innkeep/features/documents';
import { findRecipient } from '@innkeep/features/identity';
import { Directory, Shards, UnitOfWork, untilAnswering } from '@innkeep/platform/database';
import { EdgeState, probeFrom, providersFrom } from '@innkeep/platform/edge';
import { FileStorage } from '@innkeep/platform/files';
import { QUEUE_PREFIX, debounced, queueConnection, queues } from '@innkeep/platform/jobs';
import type { Mailer } from '@innkeep/platform/mail';
import type { Logger } from '@innkeep/platform/telemetry';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Job, Queue, Worker } from 'bullmq';
import type { WorkerEnvironment } from './environment';
import { type Deleting, deleteOrganizations } from './delete-organizations.job';
import { keepHouse } from './housekeeping.job';
import { DueWorker } from './due-work';
import { keepingDocuments } from './keep-documents.job';
import { makingExports } from './make-export.job';
import { PurgeDrain, PurgeMetrics } from './purge-cdn.job';
import { declareViews, refreshView } from './refresh-view.job';
import { Schedules } from './schedules';
import { MailDrain } from './send-mail.job';
import { measureViews } from './views';
import { TimedWorker } from '@innkeep/platform/feature';
import { EdgeWatch } from './watch-edge.job';

export const ENVIRONMENT = Symbol('environment');
/** Takes mails away, or null where nothing does. */
export const MAILER = Symbol('mailer');

/** What the features say has to be removed from time to time. */
const removals = features.flatMap((feature) => [...(feature.housekeeping ?? [])]);

/** The views of all features. */
const views = features.flatMap((feature) => [...(feature.views ?? [])]);

/** What time brings about, of all features. */
const timedWorks = features.flatMap((feature) => [...(feature.timed ?? [])]);
/** The reports of all features that there are as files. */
const reportTables = features.flatMap((feature) => [...(feature.reportTables ?? [])]);

const HOUR_MS = 3_600_000;
/** The job that removes files which no document has: it looks at every file there is. */
const ORPHANS = 'remove-orphans';
/** How often it is looked whether the schedules are still there. */
const MEND_MS = 30_000;
const FIRST_REFRESH_MS = 1_000;

/** Runs the queues. What a job is to do stands in PostgreSQL; the job only says that it is time to look. */
@Injectable()
export class WorkerService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly purges: readonly PurgeDrain[];
  private readonly edgeWatch: EdgeWatch;
  private readonly mails: MailDrain | undefined;
  private readonly exports: DueWorker;
  private readonly documents: DueWorker;
  private readonly orphans: OrphanSearch;
  private readonly deleting: Deleting;
  private readonly timed: TimedWorker;
  private readonly workers: Worker[] = [];
  private readonly queues: Queue[] = [];
  private readonly refreshes: Queue;
  private readonly refreshed: ReturnType<typeof measureViews>;
  private mending: NodeJS.Timeout | undefined;

  constructor(
    private readonly shards: Shards,
    @Inject(ENVIRONMENT) private readonly environment: WorkerEnvironment,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(MAILER) mailer: Mailer | null,
    directory: Directory,
    unitOfWork: UnitOfWork,
    edge: EdgeState,
    storage: FileStorage,
    commands: CommandBus,
  ) {
    this.timed = new TimedWorker(shards, commands, logger);
    const purging = { shards, edge, logger, metrics: new PurgeMetrics() };
    const providers = providersFrom(environment, logger);
    this.purges = providers.map((provider) => new PurgeDrain(purging, provider));
    this.edgeWatch = new EdgeWatch({ shards, edge, providers, logger, probe: probeFrom(environment) });
    this.refreshes = this.queue(queues.refreshView);
    this.refreshed = measureViews(shards);
    const kinds = features.flatMap((feature) => [...(feature.mails ?? [])]);
    const surroundings = { appUrl: environment.APP_URL, addressOf: findRecipient };
    const parts = { directory, shards, unitOfWork, kinds, ...surroundings, logger };
    const scratch = join(environment.DATA_DIR, 'scratch');
    const making = { directory, shards, unitOfWork, storage, exported: exportedBy(features), reportTables, scratch };
    this.deleting = { directory, shards, unitOfWork, storage, graceDays: environment.ORGANIZATION_GRACE_DAYS };
    this.orphans = { directory, unitOfWork, storage };
    const keeping = keepingDocuments({ directory, shards, unitOfWork, storage });
    this.documents = new DueWorker(keeping, shards, this.queue(queues.keepDocuments), logger);
    this.exports = new DueWorker(makingExports(making), shards, this.queue(queues.makeExport), logger);
    this.mails = mailer ? new MailDrain({ ...parts, mailer }) : undefined;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.purges.forEach((drain) => drain.startSweeping());
    this.edgeWatch.start();
    if (this.mails) this.mails.startSweeping();
    else this.logger.warn('SMTP_URL is not set: mails are not sent, and given up after a day');
    this.work(queues.purgeCdn, (job) => this.purge(job.name), this.purges.length);
    this.work(queues.refreshView, (job) => this.refresh(job.name));
    this.work(queues.makeExport, (job) => this.exports.work(job.name));
    this.exports.startSweeping();
    this.work(queues.keepDocuments, (job) => this.documents.work(job.name));
    this.documents.startSweeping();
    this.work(queues.housekeeping, async ({ name }) => {
      if (name === ORPHANS)
        return void this.logger.info({ ...(await removeOrphans(this.orphans, new Date())) }, 'orphans');
      const done = await keepHouse(this.shards, removals);
      this.logger.info({ ...done, ...(await deleteOrganizations(this.deleting)) }, 'housekeeping');
    });
    this.work(queues.timedWork, (job) => this.workInTime(job.name), timedWorks.length || 1);
    await untilAnswering(() => keepHouse(this.shards, removals));
    await untilAnswering(() => declareViews(this.shards, views));
    // Not waited for: Redis may be away.
    void this.keepSchedules().catch((error: unknown) => this.logger.warn({ err: error }, 'views not asked for'));
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.mending);
    // A running job is finished, a waiting one stays in the queue.
    await Promise.all(this.workers.map((worker) => worker.close()));
    await Promise.all([
      ...this.purges.map((drain) => drain.stop()),
      this.edgeWatch.stop(),
      this.mails?.stop(),
      this.exports.stop(),
      this.documents.stop(),
    ]);
    await Promise.all(this.queues.map((queue) => queue.close()));
  }

  /** One provider at a time would let one that hangs hold up the others. */
  private async purge(provider: string): Promise<void> {
    await this.purges.find((drain) => drain.provider.name === provider)?.drain();
  }

  private async workInTime(name: string): Promise<void> {
    const work = timedWorks.find((one) => one.name === name);
    if (work) await this.timed.run(work, new Date());
  }

  private work(name: string, process: (job: Job) => Promise<unknown>, concurrency = 1): void {
    const worker = new Worker(name, process, {
      concurrency,
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

  /** Makes the schedules, and keeps them: Redis may be away at the start, and may lose them at any time. */
  private async keepSchedules(): Promise<void> {
    const refreshes = this.refreshes;
    const schedules = [
      new Schedules(
        refreshes,
        views.map(({ name, everySeconds }) => ({ name, everyMs: everySeconds * 1_000 })),
      ),
      new Schedules(this.queue(queues.housekeeping), [
        { name: 'hourly', everyMs: HOUR_MS },
        { name: ORPHANS, everyMs: 24 * HOUR_MS },
      ]),
      new Schedules(
        this.queue(queues.timedWork),
        timedWorks.map(({ name, everySeconds }) => ({ name, everyMs: everySeconds * 1_000 })),
      ),
    ];
    let making: Promise<unknown> | undefined;
    // One that waits for Redis is not joined by more.
    const make = () =>
      (making ??= Promise.all(schedules.map((one) => one.make()))
        .catch((error: unknown) => this.logger.warn({ err: error }, 'schedules could not be made'))
        .finally(() => (making = undefined)));
    this.mending = setInterval(() => void make(), MEND_MS);
    await make();
    for (const { name } of views) await refreshes.add(name, {}, debounced(name, FIRST_REFRESH_MS));
  }

  private async refresh(name: string): Promise<void> {
    if (!views.some((one) => one.name === name)) throw new Error(`there is no view by the name ${name}`);
    const { outcome, waitSeconds } = await refreshView(this.shards, name).catch((error: unknown) => {
      this.refreshed.inc({ view: name, outcome: 'failed' });
      throw error;
    });
    this.refreshed.inc({ view: name, outcome });
    // What was put off is not forgotten until the next round: it is due as soon as its pause is over.
    if (outcome === 'early') await this.refreshes.add(name, {}, debounced(name, Math.ceil(waitSeconds * 1_000)));
  }
}
