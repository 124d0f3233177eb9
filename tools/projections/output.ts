/** Prints rows as a table for people, or as JSON for programs. */
export function printRows(rows: readonly object[], isJson: boolean, nothing: string): void {
  if (isJson) console.log(JSON.stringify(rows, undefined, 2));
  else if (rows.length === 0) console.log(nothing);
  else console.table(rows);
}

/** Says how a long operation goes on: events so far, rate, and time left. */
export class ProgressLine {
  private readonly startedAt = performance.now();
  private events = 0;
  private printedAt = 0;

  constructor(
    private readonly what: string,
    private readonly total: number,
    private readonly isSilent: boolean,
  ) {}

  add(events: number): void {
    this.events += events;
    const now = performance.now();
    if (this.isSilent || now - this.printedAt < 1_000) return;
    this.printedAt = now;
    console.error(`${this.what}: ${this.describe()}`);
  }

  get rate(): number {
    return this.events / Math.max((performance.now() - this.startedAt) / 1_000, 0.001);
  }

  describe(): string {
    const left = Math.max(this.total - this.events, 0) / Math.max(this.rate, 1);
    return `${this.events.toLocaleString('en')} of ${this.total.toLocaleString('en')} events, ${Math.round(this.rate).toLocaleString('en')} a second, ${Math.ceil(left)} s left`;
  }

  done(): { events: number; seconds: number; eventsPerSecond: number } {
    return {
      events: this.events,
      seconds: Math.round((performance.now() - this.startedAt) / 100) / 10,
      eventsPerSecond: Math.round(this.rate),
    };
  }
}
