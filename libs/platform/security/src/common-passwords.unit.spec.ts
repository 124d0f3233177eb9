import { isCommonPassword } from './common-passwords';
import { newPassword } from './password';

describe('a common password', () => {
  it.each([
    'qwertyuiop',
    '1234567890',
    '1Q2W3E4R5T',
    'Password2026!',
    '!!password!!',
    'innkeep-2026',
    'aaaaaaaaaaaa',
    'abcabcabcabc',
    '12341234123412',
  ])('is known: %s', (password) => {
    expect(isCommonPassword(password)).toBe(true);
    expect(newPassword.safeParse(password).success).toBe(false);
  });

  it.each([
    'a river runs by it',
    'demo-owner-password',
    'correct horse battery',
    'xkHs72-pQ0ah',
    '宿屋の主人は早起きです',
  ])('is not this: %s', (password) => {
    expect(isCommonPassword(password)).toBe(false);
    expect(newPassword.safeParse(password).success).toBe(true);
  });
});
