import { Secret, TOTP } from 'otpauth';
import { acceptedStep, enrolment, hashRecoveryCode, newRecoveryCodes, newSecret } from './second-factor';

const now = new Date('2026-03-01T12:00:10Z');
const STEP_MS = 30_000;
const codeAt = (secret: Buffer, moment: number) =>
  new TOTP({ secret: new Secret({ buffer: new Uint8Array(secret).buffer }) }).generate({ timestamp: moment });

describe('a code of the authenticator', () => {
  const secret = newSecret();
  const step = Math.floor(now.getTime() / STEP_MS);

  it('is taken now, and one step early or late', () => {
    for (const offset of [-1, 0, 1])
      expect(acceptedStep(secret, codeAt(secret, now.getTime() + offset * STEP_MS), 0, now)).toBe(step + offset);
  });

  it('is not taken further off', () => {
    for (const offset of [-3, -2, 2, 3])
      expect(acceptedStep(secret, codeAt(secret, now.getTime() + offset * STEP_MS), 0, now)).toBeUndefined();
  });

  it('is taken once, and nothing older after it', () => {
    const code = codeAt(secret, now.getTime());
    expect(acceptedStep(secret, code, step, now)).toBeUndefined();
    expect(acceptedStep(secret, codeAt(secret, now.getTime() - STEP_MS), step, now)).toBeUndefined();
    expect(acceptedStep(secret, codeAt(secret, now.getTime() + STEP_MS), step, now)).toBe(step + 1);
  });

  it('is of one secret', () => {
    expect(acceptedStep(newSecret(), codeAt(secret, now.getTime()), 0, now)).toBeUndefined();
  });

  it('is the one of RFC 6238 for its secret', () => {
    const rfc = Buffer.from('12345678901234567890');
    expect(acceptedStep(rfc, '287082', 0, new Date(59_000))).toBe(1);
  });
});

describe('an enrolment', () => {
  it('tells the app who it is for, and the secret', () => {
    const { secret, uri } = enrolment(Buffer.alloc(20, 1), 'ana@casas.example');
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(new URL(uri).searchParams.get('secret')).toBe(secret);
    expect(decodeURIComponent(uri)).toContain('Innkeep:ana@casas.example');
  });
});

describe('recovery codes', () => {
  it('are ten, all different, of 120 bits', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){5}[0-9a-hjkmnp-tv-z]{4}$/);
  });

  it('are the same however they are typed', () => {
    const hash = hashRecoveryCode('0123-4567-89ab-cdef-ghjk-mnpq');
    expect(hashRecoveryCode(' O1234567 89AB CDEF GHJK MNPQ'.replace('O1', 'O' + 'I'))).toEqual(hash);
    expect(hashRecoveryCode('0123-4567-89ab-cdef-ghjk-mnpr')).not.toEqual(hash);
  });
});
