import { DomainError, defineProblems } from '@innkeep/contracts';

export const identityProblems = defineProblems({
  'invalid-credentials': [401, 'Email or password is wrong'],
  'refresh-token-invalid': [401, 'The refresh token is not valid'],
  'refresh-token-reused': [401, 'The refresh token was used before'],
  'email-already-registered': [409, 'Somebody signs in with this email already'],
  'invitation-already-accepted': [409, 'The invitation was accepted before'],
  'cannot-erase-yourself': [409, 'You cannot erase yourself'],
  'invitation-expired': [410, 'The invitation has expired'],
  'one-time-token-invalid': [410, 'The link or code has expired or was used'],
  'password-wrong': [403, 'The password is wrong'],
  'second-factor-invalid': [403, 'The code is wrong or was used'],
  'second-factor-state': [409, 'The second factor is not in a state for this'],
  'organization-not-active': [403, 'The organization is suspended or closed'],
  'quota-exceeded': [409, 'The plan of the organization has no room for more'],
  'last-owner': [409, 'An organization keeps at least one owner'],
  'owner-sees-all-properties': [422, 'An owner cannot be limited to some properties'],
});

/** A 401 of the sign-in routes, with the challenge that every 401 carries (RFC 9110, 15.5.2). */
export const signInRefused = (
  name: 'invalid-credentials' | 'refresh-token-invalid' | 'refresh-token-reused',
  detail: string,
) => new DomainError(identityProblems[name], detail, { headers: { 'www-authenticate': 'Bearer realm="innkeep"' } });

export const emailTaken = () =>
  new DomainError(
    identityProblems['email-already-registered'],
    'Sign in, or use another address. If a sign-up with this one was cut off, it can be repeated after a minute.',
  );

export const organizationNotActive = () =>
  new DomainError(identityProblems['organization-not-active'], 'Ask those who run this installation.');
