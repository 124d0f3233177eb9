import type { DomainError, Principal } from '@innkeep/contracts';
import { assertBegun, closeDay, closeDayInput, countsOf, reopenDay } from './day';

const owner: Principal = { organizationId: 1, userId: 2, role: 'owner', properties: 'all', permissionEpoch: 1 };
const now = new Date('2026-05-10T12:00:00Z');
const input = closeDayInput.parse({
  propertyId: 7,
  businessDay: '2026-05-09',
  counts: [
    { paymentMode: 'cash', currency: 'EUR', countedCents: 85_00 },
    { paymentMode: 'card', currency: 'EUR', countedCents: 5_00 },
  ],
});
const takings = [
  { paymentMode: 'cash', currency: 'EUR', expectedCents: 85_50 },
  { paymentMode: null, currency: 'EUR', expectedCents: 3_00 },
];

const problemOf = (action: () => unknown): string | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as DomainError).problem.name;
  }
};

describe('a business day', () => {
  it('is closed with what was counted beside what was expected', () => {
    expect(closeDay(undefined, 'd', input, takings, owner, now)).toMatchObject({
      ...{ id: 'd', status: 'closed', closings: 1, closedBy: 2 },
      counts: [
        { paymentMode: 'card', expectedCents: 0, countedCents: 5_00, differenceCents: 5_00 },
        { paymentMode: 'cash', expectedCents: 85_50, countedCents: 85_00, differenceCents: -50 },
        { paymentMode: null, expectedCents: 3_00, countedCents: null, differenceCents: null },
      ],
    });
  });

  it('is closed once, reopened once, and closed again as the same', () => {
    const closed = closeDay(undefined, 'd', input, takings, owner, now);
    expect(problemOf(() => closeDay(closed, 'e', input, takings, owner, now))).toBe('business-day-closed');
    const reopened = reopenDay(closed, 'a bill was forgotten', owner, now);
    expect(reopened).toMatchObject({ status: 'reopened', reopenedBy: 2, counts: closed.counts });
    expect(problemOf(() => reopenDay(reopened, 'again', owner, now))).toBe('business-day-not-closed');
    const again = closeDay(reopened, 'e', input, [], owner, now);
    expect(again).toMatchObject({ id: 'd', status: 'closed', closings: 2, reopenedBy: null, reopenReason: null });
  });

  it('is not counted twice in one payment mode and currency', () => {
    const twice = [...input.counts, { paymentMode: 'cash', currency: 'EUR', countedCents: 1 }];
    expect(problemOf(() => countsOf([], twice))).toBe('payment-mode-counted-twice');
  });

  it('is closed when it has begun where the property is', () => {
    const facts = { id: 7, name: 'Haveli', timeZone: 'Asia/Kolkata', currency: 'INR', businessDayStartsAt: '06:00' };
    const early = new Date('2026-05-10T00:29:59Z');
    expect(problemOf(() => assertBegun('2026-05-10', facts, early))).toBe('business-day-not-begun');
    expect(problemOf(() => assertBegun('2026-05-09', facts, early))).toBeUndefined();
  });
});
