import { type Invitation, acceptable, assignedProperties, checkAssignment, invitationEnd } from './invitation';

const now = new Date('2026-03-01T12:00:00Z');
const open: Invitation = {
  id: '0195500a-0000-7000-8000-000000000000',
  email: 'rui@casas.example',
  role: 'staff',
  propertyIds: [7, 9],
  expiresAt: invitationEnd(now),
  acceptedAt: null,
};

const problemOf = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    return (error as { problem?: { name: string } }).problem?.name;
  }
  return undefined;
};

describe('invitation', () => {
  it('can be accepted for seven days', () => {
    expect(acceptable(open, now)).toBe(open);
    expect(acceptable(open, new Date('2026-03-08T11:59:59Z'))).toBe(open);
    expect(problemOf(() => acceptable(open, new Date('2026-03-08T12:00:00Z')))).toBe('invitation-expired');
  });

  it('is accepted once', () => {
    expect(problemOf(() => acceptable({ ...open, acceptedAt: now }, now))).toBe('invitation-already-accepted');
  });

  it('is absent when nothing is found by its token', () => {
    expect(problemOf(() => acceptable(undefined, now))).toBe('not-found');
  });

  it('gives owners all properties, and nobody one property twice', () => {
    expect(problemOf(() => checkAssignment('owner', [7]))).toBe('owner-sees-all-properties');
    expect(problemOf(() => checkAssignment('owner', null))).toBeUndefined();
    expect(problemOf(() => checkAssignment('staff', [7]))).toBeUndefined();
    expect(assignedProperties.safeParse([7, 7]).success).toBe(false);
    expect(assignedProperties.safeParse([]).success).toBe(false);
  });
});
