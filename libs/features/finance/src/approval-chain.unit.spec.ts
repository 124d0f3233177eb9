import type { ApprovalRuleSnapshot, Principal } from '@innkeep/contracts';
import { approvalRuleInput, assertAmounts, awaitedRole, chainOf, overlap, ruleFor } from './approval-chain';
import { decidedBy } from './decide-approval/decided';
import { type Transaction, expireApproval, recordTransaction } from './transaction';

const now = new Date('2026-05-10T12:00:00Z');
const later = new Date('2026-05-12T12:00:00Z');
const property = { id: 7, name: 'Haveli', timeZone: 'UTC', currency: 'EUR', businessDayStartsAt: '00:00' };
const person = (userId: number, role: 'owner' | 'manager'): Principal => ({
  ...{ organizationId: 1, userId, role, properties: 'all', permissionEpoch: 1 },
});
const [ana, bea, rui, joao] = [person(1, 'owner'), person(2, 'owner'), person(3, 'manager'), person(4, 'manager')];
const rule = (more: Partial<ApprovalRuleSnapshot> = {}): ApprovalRuleSnapshot => ({
  ...{ ruleId: 'r', propertyId: null, kind: null, currency: 'EUR', fromCents: 0, toCents: null },
  ...{ roles: ['manager', 'owner'], forbidsOwn: true, timeout: null },
  ...more,
});
const recorded = (more: Partial<ApprovalRuleSnapshot> = {}, by = joao): Transaction => ({
  ...recordTransaction('t', 'expense', { propertyId: 7, amountCents: 250_00, description: 'x' }, property, by, now),
  approval: chainOf(rule(more), now),
});
const after = (transaction: Transaction, ...people: Principal[]): Transaction =>
  people.reduce((so, by) => decidedBy(by, so, { decision: 'approved' }, now) ?? so, transaction);

describe('a chain of approval', () => {
  it('is approved by its roles in their order', () => {
    const first = after(recorded(), rui);
    expect(first).toMatchObject({ status: 'pending', decidedBy: null, approval: { step: 1, approvedBy: [3] } });
    expect(awaitedRole(first.approval)).toBe('owner');
    expect(after(first, ana)).toMatchObject({ status: 'approved', decidedBy: 1, approval: { step: 2 } });
  });

  it('does not let a manager take the step of an owner', () => {
    expect(() => after(recorded(), rui, joao)).toThrow(/recorded it yourself/);
    expect(() => after(recorded({}, ana), rui, joao)).toThrow(/waits for an owner/);
  });

  it('takes one step of a person who asks twice', () => {
    expect(after(recorded({ roles: ['manager', 'manager'] }, ana), rui, rui)).toMatchObject({
      status: 'pending',
      approval: { step: 1, approvedBy: [3] },
    });
  });

  it('is approved by an owner in the place of managers, and by two owners where there are two', () => {
    expect(after(recorded(), ana).status).toBe('approved');
    const two = recorded({ roles: ['manager', 'owner', 'owner'] });
    expect(after(two, ana)).toMatchObject({ status: 'pending', approval: { step: 2 } });
    expect(after(two, ana, bea).status).toBe('approved');
  });

  it('is not approved by who recorded it, owners or not, if the rule says so', () => {
    expect(() => after(recorded({}, ana), ana)).toThrow(/somebody else/);
    expect(after(recorded({ forbidsOwn: false }, ana), ana).status).toBe('approved');
    expect(() => after(recorded({ forbidsOwn: false }, rui), rui)).toThrow(/another manager/);
  });

  it('ends when one of them rejects', () => {
    const rejected = decidedBy(rui, recorded(), { decision: 'rejected', reason: 'no' }, now);
    expect(rejected).toMatchObject({ status: 'rejected', decidedBy: 3, approval: { dueAt: null } });
  });
});

describe('a step that is waited for too long', () => {
  const timed = (action: 'escalate' | 'reject', more: Partial<ApprovalRuleSnapshot> = {}) =>
    recorded({ timeout: { hours: 48, action }, ...more });

  it('is due after its hours and not before, and not once it is decided', () => {
    const chained = timed('reject');
    expect(chained.approval!.dueAt).toBe('2026-05-12T12:00:00.000Z');
    expect(expireApproval(chained, new Date(later.getTime() - 1))).toBeUndefined();
    expect(expireApproval(after(chained, ana), later)).toBeUndefined();
  });

  it('is rejected by nobody', () => {
    expect(expireApproval(timed('reject'), later)).toMatchObject({
      ...{ status: 'rejected', decidedBy: null, decisionReason: 'Nobody decided in time' },
      approval: { dueAt: null },
    });
  });

  it('passes on to the next, in the end to an owner, who is waited for without end', () => {
    const once = expireApproval(timed('escalate', { roles: ['manager', 'manager'] }), later)!;
    expect(once).toMatchObject({ status: 'pending', approval: { step: 1, dueAt: '2026-05-14T12:00:00.000Z' } });
    const twice = expireApproval(once, new Date('2026-05-14T12:00:00Z'))!;
    expect(twice.approval).toMatchObject({ roles: ['manager', 'owner'], step: 1, dueAt: null });
    expect(after(twice, ana).status).toBe('approved');
  });
});

describe('the rule for a transaction', () => {
  const of = { propertyId: 7, kind: 'expense', currency: 'EUR', amountCents: 100_00 } as const;

  it('is that of its amount, currency, property and kind', () => {
    const small = rule({ ruleId: 'small', toCents: 100_00, roles: ['manager'] });
    const large = rule({ ruleId: 'large', fromCents: 100_00 });
    expect(ruleFor([small, large], of)?.ruleId).toBe('large');
    expect(ruleFor([small, large], { ...of, amountCents: 99_99 })?.ruleId).toBe('small');
    expect(ruleFor([small, large], { ...of, currency: 'INR' })).toBeUndefined();
    const [ofKind, ofProperty] = [rule({ ruleId: 'kind', kind: 'expense' }), rule({ ruleId: 'house', propertyId: 7 })];
    expect(ruleFor([large, ofKind], of)?.ruleId).toBe('kind');
    expect(ruleFor([ofProperty, ofKind, large], of)?.ruleId).toBe('house');
  });

  it('is one: two that would be for the same are not laid down', () => {
    const [to100, from100] = [rule({ toCents: 100_00 }), rule({ fromCents: 100_00 })];
    expect(overlap(to100, from100)).toBe(false);
    expect(overlap(to100, rule({ fromCents: 99_99 }))).toBe(true);
    expect(overlap(to100, rule({ propertyId: 7 }))).toBe(false);
    expect(overlap(to100, rule({ currency: 'INR' }))).toBe(false);
  });

  it('is refused without an amount that it is for, and with a timeout of which nothing becomes', () => {
    const input = { currency: 'EUR', roles: ['owner'] };
    expect(approvalRuleInput.safeParse(input).success).toBe(true);
    expect(approvalRuleInput.safeParse({ ...input, timeout: { hours: 1 } }).success).toBe(false);
    expect(() => assertAmounts({ fromCents: 5, toCents: 5 })).toThrow(/more than/);
  });
});
