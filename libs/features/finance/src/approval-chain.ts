import type { ApprovalChain, ApprovalRuleSnapshot } from '@innkeep/contracts';
import { z } from 'zod';
import { refuse } from './finance.problems';
import { type TransactionKind, MAX_AMOUNT_CENTS, kind } from './transaction.fields';

export type ApprovingRole = ApprovalChain['roles'][number];

/** What a client gives to lay down who approves what. */
export const approvalRuleInput = z.strictObject({
  propertyId: z.int().min(1).nullable().default(null).describe('By default all properties'),
  kind: kind.nullable().default(null).describe('By default expenses and revenues'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'is three capital letters, ISO 4217')
    .describe('Of the amounts; properties with another currency are not meant'),
  fromCents: z.int().min(0).max(MAX_AMOUNT_CENTS).default(0).describe('The smallest amount that it is for'),
  toCents: z
    .int()
    .min(1)
    .max(MAX_AMOUNT_CENTS)
    .nullable()
    .default(null)
    .describe('The first amount that is too large for it; by default none is'),
  roles: z
    .array(z.enum(['manager', 'owner']))
    .min(1)
    .max(5)
    .describe('Who approves, one after the other'),
  forbidsOwn: z.boolean().default(true).describe('Whether nobody, not even an owner, approves what they recorded'),
  timeout: z
    .strictObject({ hours: z.int().min(1).max(8_760), action: z.enum(['escalate', 'reject']) })
    .nullable()
    .default(null)
    .describe('How long a step may wait, and what becomes of it then; by default it waits without end'),
});
export type ApprovalRuleInput = z.output<typeof approvalRuleInput>;

type Scope = Pick<ApprovalRuleSnapshot, 'propertyId' | 'kind' | 'currency' | 'fromCents' | 'toCents'>;

/** Refuses a range of amounts in which there is none. */
export function assertAmounts({ fromCents, toCents }: Pick<ApprovalRuleInput, 'fromCents' | 'toCents'>): void {
  if (toCents !== null && toCents <= fromCents)
    throw refuse('invalid-range', 'Let `toCents`, the first amount that is too large, be more than `fromCents`.', [
      { pointer: '/toCents', detail: 'is not more than fromCents' },
    ]);
}

/** Whether two rules would be for the same amounts of the same things, and neither says more exactly what it is for. */
export const overlap = (one: Scope, other: Scope): boolean =>
  one.propertyId === other.propertyId &&
  one.kind === other.kind &&
  one.currency === other.currency &&
  one.fromCents < (other.toCents ?? Infinity) &&
  other.fromCents < (one.toCents ?? Infinity);

interface Approvable {
  readonly propertyId: number;
  readonly kind: TransactionKind;
  readonly currency: string;
  readonly amountCents: number;
}

/** The rule that is for a transaction: of the property before of all, of its kind before of both. */
export function ruleFor(rules: readonly ApprovalRuleSnapshot[], of: Approvable): ApprovalRuleSnapshot | undefined {
  const rank = (rule: ApprovalRuleSnapshot) => (rule.propertyId === null ? 0 : 2) + (rule.kind === null ? 0 : 1);
  return rules
    .filter(
      (rule) =>
        rule.currency === of.currency &&
        rule.fromCents <= of.amountCents &&
        of.amountCents < (rule.toCents ?? Infinity) &&
        (rule.propertyId === null || rule.propertyId === of.propertyId) &&
        (rule.kind === null || rule.kind === of.kind),
    )
    .reduce<ApprovalRuleSnapshot | undefined>(
      (best, rule) => (best && rank(best) >= rank(rule) ? best : rule),
      undefined,
    );
}

const dueAfter = (timeout: ApprovalChain['timeout'], now: Date): string | null =>
  timeout && new Date(now.getTime() + timeout.hours * 3_600_000).toISOString();

/** The chain that a rule begins. */
export const chainOf = ({ ruleId, roles, forbidsOwn, timeout }: ApprovalRuleSnapshot, now: Date): ApprovalChain => ({
  ...{ ruleId, roles, step: 0, approvedBy: [], forbidsOwn, timeout },
  dueAt: dueAfter(timeout, now),
});

/** Whose turn it is: whoever may approve where there is no chain. */
export const awaitedRole = (chain: ApprovalChain | null): ApprovingRole => chain?.roles[chain.step] ?? 'manager';

export const isComplete = ({ roles, step }: ApprovalChain): boolean => step >= roles.length;

const at = (chain: ApprovalChain, step: number, now: Date): ApprovalChain => {
  const moved = { ...chain, step };
  return { ...moved, dueAt: isComplete(moved) ? null : dueAfter(chain.timeout, now) };
};

/**
 * The chain after somebody has approved. An owner stands above managers: an owner's approval takes the steps of managers that come
 * first, and then one step of an owner, so that a chain with two owners takes two of them.
 */
export function approvedBy(chain: ApprovalChain, role: ApprovingRole, userId: number, now: Date): ApprovalChain {
  let step = chain.step;
  if (role === 'owner') while (chain.roles[step] === 'manager') step++;
  if (chain.roles[step] === role) step++;
  return { ...at(chain, step, now), approvedBy: [...chain.approvedBy, userId] };
}

/**
 * The chain after its step was waited for too long: the next one is waited for. The last step becomes an owner's, and an owner is
 * waited for without end: above them is nobody.
 */
export function escalated(chain: ApprovalChain, now: Date): ApprovalChain {
  if (chain.step + 1 < chain.roles.length) return at(chain, chain.step + 1, now);
  const roles: ApprovingRole[] = [...chain.roles.slice(0, chain.step), 'owner'];
  return { ...chain, roles, dueAt: null };
}
