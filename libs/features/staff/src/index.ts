/** Staff: who worked when, what of it was corrected, and who is on leave. */
export * from './staff.feature';
/** What becomes of shifts and leave, for whoever makes many of them at once. */
export * as shiftDecisions from './shift';
export * as leaveDecisions from './leave-request';
export { usualRules } from './staff-rules';
