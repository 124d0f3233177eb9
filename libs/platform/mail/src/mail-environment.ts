import { z } from 'zod';

/** How mails leave, from the environment. */
export const mailEnvironment = z.object({
  /** The server that takes mails, `smtps://user:password@host:465` or `smtp://...`. Without one, a mailbox in memory takes them. */
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'begins with smtp:// or smtps://')
    .optional(),
  /** Who mails are from. */
  MAIL_FROM: z.string().min(3).default('Innkeep <innkeep@localhost>'),
  /** The application that people use, where links in mails lead. */
  APP_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:3000'),
  NODE_ENV: z.string().optional(),
});
export type MailEnvironment = z.infer<typeof mailEnvironment>;
