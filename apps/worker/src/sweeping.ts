const SWEEP_MS = 1_000;

/** Looks once a second for what is due in PostgreSQL. A look that takes longer is not overtaken by the next. */
export class Sweeping {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  /** @param sweep looks once; it tells of its own errors and never rejects */
  constructor(private readonly sweep: () => Promise<void>) {}

  start(): void {
    this.timer = setInterval(() => {
      this.running ??= this.sweep().finally(() => (this.running = undefined));
    }, SWEEP_MS);
  }

  /** Answers when the last look is over. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}
