import { DomainError, defineProblems } from '@innkeep/contracts';

/** What listening can be refused for. */
export const realtimeProblems = defineProblems({
  'too-many-streams': [429, 'Too many streams are open'],
  'too-many-waiters': [503, 'Too many wait at this process'],
  'ticket-invalid': [401, 'The ticket is not valid'],
});

const after = (seconds: number) => ({ headers: { 'retry-after': String(seconds) } });

/** Leases of a process that is gone end within a minute; mostly somebody closes a page before. */
export const tooManyStreams = (whose: 'user' | 'organization', limit: number) =>
  new DomainError(
    realtimeProblems['too-many-streams'],
    `This ${whose} has ${limit} streams open. Close one, or try again in a moment.`,
    { ...after(10), members: { details: { limitType: `STREAMS_${whose.toUpperCase()}`, limit, retryAfter: 10 } } },
  );

export const tooManyWaiters = () =>
  new DomainError(
    realtimeProblems['too-many-waiters'],
    'Ask again in a moment; another process may take you.',
    after(2),
  );

export const ticketInvalid = () =>
  new DomainError(
    realtimeProblems['ticket-invalid'],
    'It was used, is older than a minute, or never was one. Ask for another.',
    {
      headers: { 'www-authenticate': 'Bearer realm="innkeep", error="invalid_token"' },
    },
  );
