import type { Pool } from 'pg';
import type { MailAsk } from './mail-asks';

interface DueAsk extends MailAsk {
  readonly generation: string;
  readonly attempts: number;
}

interface AskRow extends Omit<DueAsk, 'organizationId'> {
  readonly organization_id: string;
}

const BATCH = 20;
/** How long a batch that was taken stays with its worker before another may take it. In seconds. */
const CLAIM_SECONDS = 60;
const MAX_BACKOFF_SECONDS = 900;

/** Takes a batch of due asks, oldest first. They are due again soon, in case this process ends before it confirms them. */
const takeDue = `
  with due as (
    select bucket, organization_id, kind, subject from mail.asks
    where due_at <= clock_timestamp() order by due_at limit ${BATCH} for update skip locked
  )
  update mail.asks a set due_at = clock_timestamp() + make_interval(secs => ${CLAIM_SECONDS}), attempts = a.attempts + 1
  from due where (a.bucket, a.organization_id, a.kind, a.subject) = (due.bucket, due.organization_id, due.kind, due.subject)
  returning a.bucket, a.organization_id, a.kind, a.subject, a.generation, a.attempts`;

const isAsk = 'bucket = $1 and organization_id = $2 and kind = $3 and subject = $4 and generation = $5';
const keyOf = (ask: DueAsk) => [ask.bucket, ask.organizationId, ask.kind, ask.subject, ask.generation];

/** How a drain went: how many mails were handed over, and what kept others from it. */
export interface DrainedMail {
  readonly sent: number;
  readonly failures: readonly { readonly kind: string; readonly error: unknown }[];
}

/**
 * Sends the mails that are due, in batches, until none is. Safe to run twice at once and to be killed anywhere: a mail may then be
 * sent again, never forgotten. One that fails is due again after a growing pause.
 */
export async function drainMail(pool: Pool, send: (ask: MailAsk) => Promise<void>): Promise<DrainedMail> {
  const failures: { kind: string; error: unknown }[] = [];
  let sent = 0;
  for (;;) {
    const { rows } = await pool.query<AskRow>(takeDue);
    if (rows.length === 0) return { sent, failures };
    const asks = rows.map(({ organization_id, ...row }) => ({ ...row, organizationId: Number(organization_id) }));
    await Promise.all(
      asks.map(async (ask) => {
        try {
          await send(ask);
          sent++;
          // What was asked for again meanwhile has another generation and stays.
          await pool.query(`delete from mail.asks where ${isAsk}`, keyOf(ask));
        } catch (error) {
          failures.push({ kind: ask.kind, error });
          await postpone(pool, ask, error);
        }
      }),
    );
  }
}

async function postpone(pool: Pool, ask: DueAsk, error: unknown): Promise<void> {
  const seconds = Math.min(2 ** Math.min(ask.attempts, 20), MAX_BACKOFF_SECONDS) * (0.5 + Math.random() / 2);
  // The code and not the message: servers quote the recipient in what they say.
  const code = String((error as { code?: unknown }).code ?? (error as Error).name).slice(0, 100);
  await pool.query(
    `update mail.asks set due_at = clock_timestamp() + make_interval(secs => $6), last_error = $7 where ${isAsk}`,
    [...keyOf(ask), seconds, code],
  );
}

/** Whether a mail is due: what the sweep looks at. */
export async function isMailDue(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query('select from mail.asks where due_at <= clock_timestamp() limit 1');
  return rowCount === 1;
}
