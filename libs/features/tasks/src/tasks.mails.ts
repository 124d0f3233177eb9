import type { MailKind } from '@innkeep/platform/mail';

/** The mail that reminds of a task. */
export const REMINDER = 'task-reminder';

/** Whom it goes to and what it is about. */
export const reminderSubject = (userId: number, taskId: string): string => `${userId} ${taskId}`;

/** The mails that tasks send. What somebody typed stands in none of them: it is read where one is signed in. */
export const tasksMails: readonly MailKind[] = [
  {
    kind: REMINDER,
    async compose(transaction, subject, { appUrl, addressOf }) {
      const [userId, taskId] = subject.split(' ');
      const to = await addressOf(transaction, Number(userId));
      if (!to) return undefined;
      const text = [
        'A task of yours at Innkeep is due soon:',
        `${appUrl.replace(/\/$/, '')}/tasks/${taskId}`,
        'If it is done, say so there.',
      ].join('\n\n');
      return { to, subject: 'A task is due soon', text };
    },
  },
];
