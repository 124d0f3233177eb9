/** How much an organization has besides its transactions. */
export interface Amounts {
  /** For each property. */
  readonly unitsOfEach: number;
  readonly stays: number;
  /** For each of those who clock in, besides the one that they may be at. */
  readonly shiftsOfEach: number;
  /** For each of those who clock in. */
  readonly leaveOfEach: number;
  readonly tasks: number;
}

/** All grows with the transactions, and costs little beside them; what would not fit into a year or a house does not. */
export const amountsFor = (transactions: number): Amounts => ({
  unitsOfEach: 2 + Math.min(18, Math.floor(transactions / 250)),
  stays: Math.round(transactions / 5),
  shiftsOfEach: Math.min(360, 2 + Math.floor(transactions / 75)),
  leaveOfEach: 1 + Math.min(11, Math.floor(transactions / 300)),
  tasks: 3 + Math.round(transactions / 25),
});
