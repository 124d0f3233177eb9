/**
 * Mail: an *ask* is written in the transaction of the command that wants the mail, one row for each kind and subject, merged; the
 * worker *composes* it (the text, the recipient, a one-time token if it needs one) and hands it to a *mailer*.
 *
 * Invariants: an ask holds no address, no name and no token; a token is made when its mail is composed, and only its hash is kept;
 * a mail is sent at least once, and an ask goes only if nothing was asked since the mail it stands for was composed.
 */
export * from './mail-asks';
export * from './mail-drain';
export * from './mail-environment';
export * from './mail-kind';
export * from './mail.migrations';
export * from './mailbox';
export * from './mailer';
