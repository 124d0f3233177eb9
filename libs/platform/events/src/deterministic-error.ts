import { FlawedEventError } from './preparation';

/**
 * SQLSTATE classes of failures that come back however often the same statement meets the same data (PostgreSQL, appendix A): data
 * and cardinality (21, 22), integrity (23), syntax, names and types (42), raised by our own code (P0).
 */
const deterministicClasses = /^(21|22|23|42|P0)/;

/**
 * Whether an event itself is what a fold fails on. Connections, deadlocks, timeouts and a full disk are not: they end, and parking
 * an organization for them would hide them.
 */
export function isDeterministic(error: unknown): boolean {
  const { code } = error as { code?: string };
  if (code === undefined)
    return (
      error instanceof FlawedEventError ||
      error instanceof TypeError ||
      error instanceof RangeError ||
      (error as Error).name === 'ZodError'
    );
  return deterministicClasses.test(code);
}
