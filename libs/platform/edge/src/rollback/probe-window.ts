const WINDOW_MS = 5 * 60_000;
/** Fewer say nothing: one failure among ten is no share of anything. */
const FEWEST = 20;

/** The share of failures among what happened in the last five minutes. */
export class ProbeWindow {
  private seen: { readonly at: number; readonly isError: boolean }[] = [];

  note(isError: boolean, now = Date.now()): void {
    this.seen.push({ at: now, isError });
    this.seen = this.seen.filter(({ at }) => now - at < WINDOW_MS);
  }

  /** Undefined while too little is known. */
  errors(now = Date.now()): number | undefined {
    const recent = this.seen.filter(({ at }) => now - at < WINDOW_MS);
    if (recent.length < FEWEST) return undefined;
    return recent.filter(({ isError }) => isError).length / recent.length;
  }
}
