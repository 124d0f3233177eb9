import { v7 as uuid } from 'uuid';
import type { EdgeState } from '../purging';
import { type EdgeHealth, type FamilyState, type FamilyStep, assess, setStep } from './family-step';

/** One step of one family. */
export interface FamilyChange {
  readonly family: string;
  readonly before: FamilyStep;
  readonly after: FamilyStep;
  readonly reason: string;
}

/** Takes lifetime away from families when something is wrong at the edge, and gives it back by steps; writes down each step. */
export class Rollback {
  constructor(
    private readonly edge: EdgeState,
    private readonly families: readonly string[],
  ) {}

  /** Looks at how the edge is doing; answers with what was changed for it. */
  async assess(health: EdgeHealth): Promise<FamilyChange[]> {
    const changes: FamilyChange[] = [];
    for (const family of this.families) {
      const change = await this.change(family, 'worker', (state, now) => assess(family, state, health, now));
      if (change) changes.push(change);
    }
    return changes;
  }

  /** Somebody sets families to a step; in a dry run only what would change is told. */
  async set(
    families: readonly string[],
    step: FamilyStep,
    { reason, madeBy, isDryRun }: { readonly reason: string; readonly madeBy: string; readonly isDryRun: boolean },
  ): Promise<FamilyChange[]> {
    const unknown = families.find((family) => !this.families.includes(family));
    if (unknown) throw new Error(`there is no family ${unknown}: ${this.families.join(', ')}`);
    const changes: FamilyChange[] = [];
    for (const family of families) {
      if (isDryRun) {
        const { state } = await this.edge.families.read(family);
        if (state.step !== step) changes.push({ family, before: state.step, after: step, reason });
        continue;
      }
      const change = await this.change(family, madeBy, (_state, now) => setStep(step, reason, now));
      if (change) changes.push(change);
    }
    return changes;
  }

  private async change(
    family: string,
    madeBy: string,
    decide: (state: FamilyState, now: number) => FamilyState,
  ): Promise<FamilyChange | undefined> {
    const { before, after } = await this.edge.families.change(family, (state, now) => {
      const next = decide(state, now);
      // That something is still wrong is written down once in a while, not with every look.
      const isNews =
        next.step !== state.step || next.isHeld !== state.isHeld || next.unwellAt - state.unwellAt > 10_000;
      return { state: isNews ? next : state, result: { before: state, after: isNews ? next : state } };
    });
    if (before.step === after.step) return undefined;
    const change = { family, before: before.step, after: after.step, reason: after.reason };
    await this.edge.pool.query(
      'insert into edge.family_changes (id, family, step_before, step_after, reason, made_by) values ($1, $2, $3, $4, $5, $6)',
      [uuid(), family, change.before, change.after, change.reason, madeBy],
    );
    return change;
  }
}
