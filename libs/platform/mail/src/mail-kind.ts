import type { OrganizationTransaction } from '@innkeep/platform/database';

/** A mail as it is handed over. Plain text: every program shows it, and no link can say one thing and lead to another. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** What a mail may need to know of where it is sent from. */
export interface MailSurroundings {
  /** The address of the application that people use; links in mails lead there. */
  readonly appUrl: string;
  /** The address of a user, or undefined if there is nobody to write to. */
  addressOf(transaction: OrganizationTransaction, userId: number): Promise<string | undefined>;
}

/**
 * A kind of mail. It is composed in a transaction of the organization, where a one-time token may be made and its hash be saved.
 * Without an answer there is nobody to write to any more, and the ask is dropped.
 */
export interface MailKind {
  readonly kind: string;
  compose(
    transaction: OrganizationTransaction,
    subject: string,
    surroundings: MailSurroundings,
  ): Promise<Mail | undefined>;
}
