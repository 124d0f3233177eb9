import { randomUUID } from 'node:crypto';
import type { Mail } from './mail-kind';
import type { Mailer } from './mailer';

/** A mail as the mailbox keeps it. */
export interface ReceivedMail extends Mail {
  readonly id: string;
  readonly receivedAt: Date;
}

const KEPT = 200;

/** Keeps the latest mails in memory, for development: no server is needed, and nothing leaves the machine. */
export class Mailbox implements Mailer {
  private readonly received: ReceivedMail[] = [];

  /** The mails, latest first. */
  get mails(): readonly ReceivedMail[] {
    return this.received;
  }

  async send(mail: Mail): Promise<void> {
    this.received.unshift({ ...mail, id: randomUUID(), receivedAt: new Date() });
    this.received.length = Math.min(this.received.length, KEPT);
  }

  close(): void {
    this.received.length = 0;
  }
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character]!);
const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}' +
  'article{border:1px solid #8888;border-radius:.5rem;padding:0 1rem;margin:1rem 0}pre{white-space:pre-wrap;overflow-wrap:anywhere}';

/** The mailbox as a page without scripts. */
export function mailboxPage(mails: readonly ReceivedMail[]): string {
  const articles = mails.map(
    ({ to, subject, text, receivedAt }) =>
      `<article><h2>${escaped(subject)}</h2><p>To ${escaped(to)}, ${receivedAt.toISOString()}</p><pre>${escaped(text)}</pre></article>`,
  );
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Mailbox</title><style>${style}</style><h1>Mailbox</h1>` +
    `<p>Mails of this installation end here, because no SMTP_URL is set. Reload to see new ones.</p>${articles.join('') || '<p>No mail yet.</p>'}</html>`
  );
}
