import { eventually } from '@innkeep/testing';
import type { InnkeepUnderTest } from './innkeep-under-test';

/** A mail as the development mailbox of the worker keeps it. */
export interface ReceivedMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** All mails of the system under test, latest first. */
export async function receivedMails({ worker }: InnkeepUnderTest): Promise<ReceivedMail[]> {
  const answer = await fetch(`${worker.url}/dev/mailbox/mails`);
  return ((await answer.json()) as { data: ReceivedMail[] }).data;
}

/** The latest mail to an address whose subject holds the words, once at least so many have come. */
export function mailTo(innkeep: InnkeepUnderTest, to: string, words: string, atLeast = 1): Promise<ReceivedMail> {
  return eventually(async () => {
    const mails = (await receivedMails(innkeep)).filter((mail) => mail.to === to && mail.subject.includes(words));
    if (mails.length < atLeast) throw new Error(`${mails.length} mails "${words}" have come to ${to}`);
    return mails[0]!;
  });
}

/** The one-time token in a mail. */
export function tokenIn({ text }: ReceivedMail): string {
  const token = /#token=(\S+)/.exec(text)?.[1];
  if (!token) throw new Error('there is no token in the mail');
  return token;
}
