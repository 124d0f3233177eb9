import { type PresentedToken, ROTATION_GRACE_MS, judgeToken } from './session';

const now = new Date('2026-03-01T12:00:00Z');
const at = (milliseconds: number) => new Date(now.getTime() + milliseconds);
const day = 24 * 60 * 60 * 1000;

/** A token that was issued a while ago and not used yet. */
const fresh: PresentedToken = {
  expiresAt: at(20 * day),
  rotatedAt: null,
  sessionExpiresAt: at(100 * day),
  sessionRevokedAt: null,
  mayUserSignIn: true,
};

const given = (changes: Partial<PresentedToken>) => ({ ...fresh, ...changes });

describe('a presented refresh token', () => {
  it('is rotated when it is used for the first time', () => {
    expect(judgeToken(fresh, now)).toBe('rotate');
  });

  it('gives its successor once more when parallel requests present it within the grace', () => {
    expect(judgeToken(given({ rotatedAt: at(-1) }), now)).toBe('repeat');
    expect(judgeToken(given({ rotatedAt: at(-ROTATION_GRACE_MS) }), now)).toBe('repeat');
    // It was read before the rotation that it waited for.
    expect(judgeToken(given({ rotatedAt: at(5) }), now)).toBe('repeat');
  });

  it('ends the session when it is used again after the grace', () => {
    expect(judgeToken(given({ rotatedAt: at(-ROTATION_GRACE_MS - 1) }), now)).toBe('revoke');
    expect(judgeToken(given({ rotatedAt: at(-19 * day) }), now)).toBe('revoke');
  });

  it.each<[string, PresentedToken | undefined]>([
    ['nobody knows', undefined],
    ['has expired', given({ expiresAt: now })],
    ['belongs to a session that has expired', given({ sessionExpiresAt: now })],
    ['belongs to a session that was ended', given({ sessionRevokedAt: at(-1) })],
    ['was used again after the session had ended', given({ sessionRevokedAt: at(-1), rotatedAt: at(-day) })],
    ['is of a session ended within the grace', given({ sessionRevokedAt: at(-1), rotatedAt: at(-2) })],
    ['belongs to a user who may not sign in', given({ mayUserSignIn: false })],
  ])('is refused when it %s', (_case, token) => {
    expect(judgeToken(token, now)).toBe('refuse');
  });
});
