import type { DomainError, Principal } from '@innkeep/contracts';
import {
  changeTransaction,
  decide,
  deleteTransaction,
  recordTransaction,
  reverseTransaction,
  transactionInput,
} from './transaction';

const property = { id: 7, name: 'Haveli', timeZone: 'Asia/Kolkata', currency: 'INR', businessDayStartsAt: '06:00' };
const manager: Principal = { organizationId: 1, userId: 2, role: 'manager', properties: 'all', permissionEpoch: 1 };
const now = new Date('2026-05-10T12:00:00Z');
const pending = recordTransaction(
  't-1',
  'expense',
  { propertyId: 7, amountCents: 1250, description: 'Linen', occurredAt: '2026-05-10T00:29:59Z' },
  property,
  manager,
  now,
);
const approved = decide(pending, { decision: 'approved' }, manager, now)!;

const problemOf = (action: () => unknown): string | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as DomainError).problem.name;
  }
};

describe('transaction', () => {
  it('is recorded as pending, on the business day of its property, in its currency', () => {
    expect(pending).toMatchObject({ status: 'pending', businessDay: '2026-05-09', currency: 'INR', recordedBy: 2 });
  });

  it('happens now when no time is given', () => {
    const transaction = recordTransaction(
      't-2',
      'revenue',
      { propertyId: 7, amountCents: 1, description: 'Tip' },
      property,
      manager,
      now,
    );
    expect(transaction).toMatchObject({ occurredAt: now.toISOString(), businessDay: '2026-05-10' });
  });

  it.each(['2026-05-11T12:00:01Z', '1999-12-31T23:59:59Z'])('refuses to have happened at %s', (occurredAt) => {
    const record = () =>
      recordTransaction(
        't',
        'expense',
        { propertyId: 7, amountCents: 1, description: 'x', occurredAt },
        property,
        manager,
        now,
      );
    expect(problemOf(record)).toBe('occurred-at-out-of-range');
  });

  it('can be changed and deleted while it is pending', () => {
    expect(changeTransaction(pending, { amountCents: 99, category: null }, property, now)).toMatchObject({
      amountCents: 99,
      businessDay: '2026-05-09',
    });
    expect(changeTransaction(pending, { occurredAt: '2026-05-08T10:00:00Z' }, property, now).businessDay).toBe(
      '2026-05-08',
    );
    expect(problemOf(() => deleteTransaction(pending))).toBeUndefined();
  });

  it('cannot be changed or deleted once it is decided', () => {
    expect(problemOf(() => changeTransaction(approved, { amountCents: 1 }, property, now))).toBe(
      'transaction-not-pending',
    );
    expect(problemOf(() => deleteTransaction(approved))).toBe('transaction-not-pending');
  });

  it('is approved by somebody at some time', () => {
    expect(approved).toMatchObject({ status: 'approved', decidedBy: 2, decidedAt: now.toISOString() });
  });

  it('stays as it is when the same decision comes again, and refuses another', () => {
    expect(decide(approved, { decision: 'approved' }, manager, now)).toBeUndefined();
    expect(problemOf(() => decide(approved, { decision: 'rejected' }, manager, now))).toBe(
      'transaction-already-decided',
    );
  });

  it('is reversed by another one with the opposite amount, today', () => {
    const later = new Date('2026-06-01T12:00:00Z');
    expect(reverseTransaction(approved, 't-9', { reason: 'paid twice' }, property, manager, later)).toMatchObject({
      transactionId: 't-9',
      amountCents: -1250,
      businessDay: '2026-06-01',
      status: 'approved',
      reversalOf: 't-1',
      externalReference: null,
    });
  });

  it('is reversed only when approved, once, and not if it is a reversal', () => {
    const reverse = (transaction: typeof approved) => () =>
      reverseTransaction(transaction, 't-9', {}, property, manager, now);
    expect(problemOf(reverse(pending))).toBe('transaction-not-approved');
    expect(problemOf(reverse({ ...approved, reversedBy: 't-8' }))).toBe('transaction-already-reversed');
    expect(problemOf(reverse({ ...approved, reversalOf: 't-0' }))).toBe('transaction-not-approved');
  });

  it.each([1.5, 0, -1, -0, '100', 1e21, 2 ** 53, NaN])('does not take the amount %p', (amountCents) => {
    expect(transactionInput.safeParse({ propertyId: 7, amountCents, description: 'x' }).success).toBe(false);
  });

  it.each(['2026-02-30T10:00:00Z', '2026-05-10', '2026-05-10T24:00:00Z', '2026-05-10T10:00:00', '1767225600000'])(
    'does not take the time %s',
    (occurredAt) => {
      expect(transactionInput.safeParse({ propertyId: 7, amountCents: 1, description: 'x', occurredAt }).success).toBe(
        false,
      );
    },
  );

  it('does not take what a client may not set', () => {
    expect(
      transactionInput.safeParse({ propertyId: 7, amountCents: 1, description: 'x', status: 'approved' }).success,
    ).toBe(false);
  });
});
