import { cacheFamilies } from '@innkeep/contracts';

/**
 * How far the edge is trusted with a cache family. *Baseline*: as long as the family says. *Short*: 30 s. *Off*: not at all. The way back
 * is by steps: 30 s for two hours, then *medium*, 120 s, for four, then the baseline.
 */
export const familySteps = ['baseline', 'medium', 'short', 'off'] as const;
export type FamilyStep = (typeof familySteps)[number];

export const secondsOfStep: Readonly<Record<FamilyStep, number>> = {
  baseline: Number.POSITIVE_INFINITY,
  medium: 120,
  short: 30,
  off: 0,
};

/** Where a family stands. */
export interface FamilyState {
  readonly step: FamilyStep;
  /** Since when, in milliseconds since 1970. */
  readonly since: number;
  /** When something was last wrong. */
  readonly unwellAt: number;
  readonly reason: string;
  /** Somebody has to look into it: it does not come back by itself. */
  readonly isHeld: boolean;
}

export const newFamilyState: FamilyState = { step: 'baseline', since: 0, unwellAt: 0, reason: '', isHeld: false };

/** What is seen of the edge as a whole. */
export interface EdgeHealth {
  /** How long the oldest purge has waited behind its time, in seconds. */
  readonly purgeLagSeconds: number;
  /** The share of requests through the edge that ended in a 5xx, over the last five minutes; undefined where too few are known. */
  readonly edgeErrors?: number;
  /** Somebody was given what belongs to another organization. */
  readonly isCrossed: boolean;
}

export const PURGE_LAG_SECONDS = 30;
export const EDGE_ERRORS = 0.01;
const MINUTE = 60_000;
/** How long a family stays at a step that it comes back by, if nothing is wrong. */
const STAY_MS: Readonly<Record<Exclude<FamilyStep, 'baseline'>, number>> = {
  off: 5 * MINUTE,
  short: 120 * MINUTE,
  medium: 240 * MINUTE,
};
/** Where a figure that is wrong does harm: old ones are worse than slow ones. */
const { finance, reports, dashboard, analytics, checkIn } = cacheFamilies;
const criticalFamilies: ReadonlySet<string> = new Set(
  [finance, reports, dashboard, analytics, checkIn].map(({ name }) => name),
);

interface Finding {
  readonly step: FamilyStep;
  readonly reason: string;
  readonly isHeld: boolean;
}

/** What has to be done about a family now, if anything. */
function findingOf(family: string, { purgeLagSeconds, edgeErrors = 0, isCrossed }: EdgeHealth): Finding | undefined {
  if (isCrossed) return { step: 'off', reason: 'an answer crossed organizations', isHeld: true };
  if (purgeLagSeconds > PURGE_LAG_SECONDS) {
    const reason = `purges are ${Math.round(purgeLagSeconds)} s late`;
    return { step: criticalFamilies.has(family) ? 'off' : 'short', reason, isHeld: false };
  }
  if (edgeErrors > EDGE_ERRORS)
    return {
      step: 'short',
      reason: `${(edgeErrors * 100).toFixed(1)} % of what the edge answers are errors`,
      isHeld: false,
    };
  return undefined;
}

const isWorse = (one: FamilyStep, other: FamilyStep) => familySteps.indexOf(one) > familySteps.indexOf(other);

/** Where a family stands after the edge was looked at. The same state if nothing changes. */
export function assess(family: string, state: FamilyState, health: EdgeHealth, now: number): FamilyState {
  const finding = findingOf(family, health);
  if (finding) {
    const isHeld = state.isHeld || finding.isHeld;
    if (isWorse(finding.step, state.step)) return { ...finding, since: now, unwellAt: now, isHeld };
    return { ...state, unwellAt: now, isHeld };
  }
  if (state.step === 'baseline' || state.isHeld) return state;
  const wellSince = Math.max(state.since, state.unwellAt);
  if (now - wellSince < STAY_MS[state.step]) return state;
  return { ...state, step: nextUp(state.step), since: now, reason: 'nothing was wrong for long enough' };
}

const nextUp = (step: FamilyStep): FamilyStep => familySteps[Math.max(0, familySteps.indexOf(step) - 1)]!;

/** A family that somebody sets to a step. One that is set to `off` stays there until somebody says otherwise. */
export const setStep = (step: FamilyStep, reason: string, now: number): FamilyState => ({
  step,
  since: now,
  unwellAt: 0,
  reason,
  isHeld: step === 'off',
});
