import { systemPrincipal } from '@innkeep/contracts';
import type { Directory, Shards, UnitOfWork } from '@innkeep/platform/database';
import {
  type Mail,
  type MailAsk,
  type MailKind,
  type MailSurroundings,
  type Mailer,
  askMail,
  drainMail,
  isMailDue,
} from '@innkeep/platform/mail';
import type { Logger } from '@innkeep/platform/telemetry';
import { Counter } from 'prom-client';
import { Sweeping } from './sweeping';

const BATCH = 50;
const REQUEST_ID = 'send-mail';

/** What mails are sent with. */
export interface MailDrainParts {
  readonly directory: Directory;
  readonly shards: Shards;
  readonly unitOfWork: UnitOfWork;
  readonly mailer: Mailer;
  readonly kinds: readonly MailKind[];
  readonly appUrl: string;
  readonly addressOf: MailSurroundings['addressOf'];
  readonly logger: Logger;
}

/**
 * Sends what was asked for, looking once a second: what is asked for stands in PostgreSQL, so no queue has to be told. Neither
 * recipients nor texts are ever logged.
 */
export class MailDrain {
  private readonly sent = new Counter({
    name: 'mails_sent_total',
    help: 'Mails handed over',
    labelNames: ['kind'] as const,
  });
  private readonly failed = new Counter({
    name: 'mail_failures_total',
    help: 'Mails that could not be composed or handed over, and are tried again',
    labelNames: ['kind'] as const,
  });
  private readonly kinds: ReadonlyMap<string, MailKind>;
  private readonly sweeping = new Sweeping(() => this.sweep());

  constructor(private readonly parts: MailDrainParts) {
    this.kinds = new Map(parts.kinds.map((kind) => [kind.kind, kind]));
  }

  startSweeping(): void {
    this.sweeping.start();
  }

  async stop(): Promise<void> {
    await this.sweeping.stop();
    this.parts.mailer.close();
  }

  private async sweep(): Promise<void> {
    const { logger, shards } = this.parts;
    try {
      await this.passOn();
      for (const { pool } of shards.all) {
        if (!(await isMailDue(pool))) continue;
        const { failures } = await drainMail(pool, (ask) => this.send(ask));
        for (const { kind, error } of failures) {
          this.failed.inc({ kind });
          logger.warn({ kind, code: (error as { code?: unknown }).code }, 'mail not handed over, it is tried again');
        }
      }
    } catch (error) {
      logger.warn({ err: error }, 'the sweep could not look for mails');
    }
  }

  /** Turns asks by address into asks in the organization of whoever signs in with it. Those for nobody end here. */
  private async passOn(): Promise<void> {
    const { directory, unitOfWork } = this.parts;
    for (const ask of await directory.takeMailAsks(BATCH)) {
      const signIn = await directory.findSignIn(ask.emailHash);
      if (signIn) {
        const context = { principal: systemPrincipal(signIn.organizationId), requestId: REQUEST_ID };
        await unitOfWork.run(context, async (transaction) => {
          transaction.write(askMail(transaction, ask.kind, String(signIn.userId)));
        });
      }
      await directory.confirmMailAsk(ask);
    }
  }

  private async send(ask: MailAsk): Promise<void> {
    const kind = this.kinds.get(ask.kind);
    if (!kind) throw new Error(`there is no mail by the name ${ask.kind}`);
    const { appUrl, addressOf, mailer, unitOfWork } = this.parts;
    const context = { principal: systemPrincipal(ask.organizationId), requestId: REQUEST_ID };
    // Committed before it is sent: a token in a mail is always known to us.
    const { result } = await unitOfWork.run<Mail | undefined>(context, (transaction) =>
      kind.compose(transaction, ask.subject, { appUrl, addressOf }),
    );
    if (!result) return;
    await mailer.send(result);
    this.sent.inc({ kind: ask.kind });
  }
}
