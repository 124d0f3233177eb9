import { createTransport } from 'nodemailer';
import type { MailEnvironment } from './mail-environment';
import type { Mail } from './mail-kind';
import { Mailbox } from './mailbox';

/** Takes mails away. An error means that the mail was not taken and has to be tried again. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** Hands mails to an SMTP server, over a few connections that stay open. */
export function smtpMailer(url: string, from: string): Mailer {
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: 3,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 30_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    // Nobody answers a machine, and no holiday notice should (RFC 3834).
    { from, headers: { 'Auto-Submitted': 'auto-generated' } },
  );
  return {
    send: async ({ to, subject, text }) => {
      // As an object, an address is never parsed as a list of several.
      await transport.sendMail({ to: { name: '', address: to }, subject, text });
    },
    close: () => transport.close(),
  };
}

/**
 * The mailer that the environment asks for: SMTP; else, outside production, a mailbox in memory; else none, and mails wait to be
 * sent until they expire.
 */
export function mailerFrom({ SMTP_URL, MAIL_FROM, NODE_ENV }: MailEnvironment): Mailer | undefined {
  if (SMTP_URL) return smtpMailer(SMTP_URL, MAIL_FROM);
  return NODE_ENV === 'production' ? undefined : new Mailbox();
}
