import { maySignIn, newUser, principalFor } from './user';

describe('user', () => {
  it('becomes a caller with exactly the rights it has', () => {
    expect(principalFor(1000, newUser(5, 'staff', [7, 9]), 'session')).toEqual({
      organizationId: 1000,
      userId: 5,
      role: 'staff',
      properties: [7, 9],
      permissionEpoch: 1,
      sessionId: 'session',
    });
  });

  it('sees all properties when none are assigned by name, and none when the list is empty', () => {
    expect(newUser(5, 'auditor', null).properties).toBe('all');
    expect(newUser(5, 'auditor', []).properties).toEqual([]);
  });

  it('signs in while active', () => {
    const user = newUser(5, 'manager', null);
    expect(maySignIn(user)).toBe(true);
    expect(maySignIn({ ...user, status: 'suspended' })).toBe(false);
  });
});
