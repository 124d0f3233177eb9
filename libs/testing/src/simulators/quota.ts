/** A bucket of tokens that refills evenly, as providers count requests. Written apart from the product's own, which it is to judge. */
export class Quota {
  private tokens: number;
  private at = performance.now();

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {
    this.tokens = burst;
  }

  /** Takes tokens if there are enough; answers with 0, or how many seconds it takes until there are. */
  take(count: number): number {
    const now = performance.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.at) / 1_000) * this.perSecond);
    this.at = now;
    if (this.tokens < count) return (count - this.tokens) / this.perSecond;
    this.tokens -= count;
    return 0;
  }
}
