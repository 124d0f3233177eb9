/** Finance: expenses and revenues, recorded, approved or rejected, corrected by reversals. */
export * from './finance.feature';
