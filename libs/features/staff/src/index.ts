/** Staff: who worked when, what of it was corrected, and who is on leave. */
export * from './staff.feature';
