/** What an import counts. `read` is the sum of `withRevenue`, `withoutRevenue`, `notStayed` and `bad`. */
export class Tally {
  read = 0;
  withRevenue = 0;
  withoutRevenue = 0;
  notStayed = 0;
  bad = 0;
  recorded = 0;
  known = 0;
  refused = 0;
  /** Parties that came and left, and cancellations. */
  staysRecorded = 0;
  staysKnown = 0;
  staysRefused = 0;
  approved = 0;
  approvalsRefused = 0;
  /** Of the stays recorded or already known; in a dry run, of those that would be. */
  totalCents = 0;

  get hasFailures(): boolean {
    return this.bad + this.refused + this.staysRefused + this.approvalsRefused > 0;
  }
}
