import type { OrganizationTransaction } from '@innkeep/platform/database';
import type { MailKind } from '@innkeep/platform/mail';
import { findRecipient } from './mail-recipient.store';
import { MAILED_TOKENS_AT_ONCE } from './one-time-token';
import { OneTimeTokenStore } from './one-time-token.store';
import { newOrganizationToken } from './organization-token';

// Nothing that somebody typed stands in a mail but the address it goes to: whoever signs up with a stranger's address must not be
// able to send them words of their own.

const tokens = new OneTimeTokenStore();

type MailedToken = 'password-reset' | 'email-verification';

/** Makes a token for a mail that is being composed; undefined if the user was sent enough of them. */
async function newToken(
  transaction: OrganizationTransaction,
  kind: MailedToken,
  userId: number,
): Promise<string | undefined> {
  if ((await tokens.count(transaction, kind, userId)) >= MAILED_TOKENS_AT_ONCE) return undefined;
  const { token, hash } = newOrganizationToken(transaction.organizationId);
  tokens.add(transaction, kind, userId, hash);
  return token;
}

/** Behind the #, where neither servers nor their logs get to see it. */
const link = (appUrl: string, path: string, token: string) => `${appUrl.replace(/\/$/, '')}/${path}#token=${token}`;

const mailWithToken = (
  kind: MailedToken,
  subject: string,
  write: (appUrl: string, token: string) => readonly string[],
): MailKind => ({
  kind,
  async compose(transaction, userId, { appUrl }) {
    const to = await findRecipient(transaction, Number(userId));
    const token = to && (await newToken(transaction, kind, Number(userId)));
    return token ? { to, subject, text: write(appUrl, token).join('\n\n') } : undefined;
  },
});

const notice = (kind: string, subject: string, ...paragraphs: readonly string[]): MailKind => ({
  kind,
  async compose(transaction, userId) {
    const to = await findRecipient(transaction, Number(userId));
    return to ? { to, subject, text: paragraphs.join('\n\n') } : undefined;
  },
});

/** The mails that accounts send. */
export const identityMails: readonly MailKind[] = [
  mailWithToken('password-reset', 'Choose a new password', (appUrl, token) => [
    'Somebody asked for a new password for your account at Innkeep. If it was you, choose one within an hour:',
    link(appUrl, 'reset-password', token),
    'If it was not you, nothing has to be done: your password stays as it is.',
  ]),
  mailWithToken('email-verification', 'Confirm your address', (appUrl, token) => [
    'Your address was given to sign in at Innkeep. If it was you, confirm it within two days:',
    link(appUrl, 'verify-email', token),
    'If it was not you, nothing has to be done.',
  ]),
  notice(
    'password-changed',
    'Your password was changed',
    'The password of your account at Innkeep was changed, and all other sessions have ended.',
    'If it was not you, ask for a new password at once, and tell an owner of your organization.',
  ),
  notice(
    'second-factor-changed',
    'Signing in was changed',
    'The second factor of your account at Innkeep was turned on or off, or its recovery codes were renewed.',
    'If it was not you, change your password at once, and tell an owner of your organization.',
  ),
  notice(
    'recovery-code-used',
    'A recovery code was used',
    'Somebody signed in to your account at Innkeep with one of your recovery codes. It is used up.',
    'If it was not you, change your password and renew the recovery codes at once.',
  ),
  notice(
    'support-access',
    'Our support looks into your organization',
    'An operator of Innkeep has opened an access that reads, and changes nothing, in your organization. It ends by itself within an hour.',
    'You find the reason among the actions of operators, and the access among your API keys, where you can revoke it at any time.',
  ),
];
