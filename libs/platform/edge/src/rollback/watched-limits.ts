import type { EdgeLimits } from '../edge-limits';
import type { EdgeState } from '../purging';
import { type FamilyStep, secondsOfStep } from './family-step';

const REFRESH_MS = 2_000;

/** The limits as they were read last, a moment ago. While they cannot be read, those of before hold. */
export class WatchedEdgeLimits implements EdgeLimits {
  private steps: ReadonlyMap<string, FamilyStep> = new Map();
  private timer: NodeJS.Timeout | undefined;
  private edge: EdgeState | undefined;

  /** Reads them from there, from now on. */
  async watch(edge: EdgeState): Promise<void> {
    this.edge = edge;
    await this.refresh().catch(() => undefined);
    this.timer = setInterval(() => void this.refresh().catch(() => undefined), REFRESH_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async refresh(): Promise<void> {
    if (!this.edge) return;
    const { states } = await this.edge.families.all();
    this.steps = new Map([...states].map(([family, { step }]) => [family, step]));
  }

  secondsFor(family: string): number {
    return secondsOfStep[this.steps.get(family) ?? 'baseline'];
  }
}
