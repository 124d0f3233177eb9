import { DomainError, defineProblems } from '@innkeep/contracts';
import { isPlanOutdated } from './connections';

export const databaseProblems = defineProblems({
  'service-unavailable': [503, 'The service cannot answer right now'],
  'idempotency-in-progress': [409, 'The first request with this key is still running'],
  'idempotency-key-reused': [409, 'This idempotency key was used for another request'],
  'organization-not-found': [404, 'There is no such organization'],
});

/**
 * Connection lost, server starting or stopping, too many connections, cancelled by a timeout, or a conflict between transactions
 * that repeating did not solve (PostgreSQL, appendix A).
 */
const unavailableStates = /^(08...|57P0.|57014|53...|55P03|25P03|40001|40P01)$/;

/** Whether the database could not be asked or did not answer in time: nothing is wrong with the request itself. */
export function isUnavailable(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  if (
    code &&
    (unavailableStates.test(code) || /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND)$/.test(code))
  )
    return true;
  return /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool)/.test(
    message ?? '',
  );
}

/** Serialization failure, deadlock or a plan of yesterday's table: the same transaction may well succeed when it is run again. */
export const isRetriable = (error: unknown): boolean =>
  ['40001', '40P01'].includes((error as { code?: string }).code ?? '') || isPlanOutdated(error);

/** Turns a database that cannot be reached into the answer a client can act on. Other errors pass as they are. */
export function asUnavailable(error: unknown): unknown {
  if (!isUnavailable(error)) return error;
  const problem = new DomainError(
    databaseProblems['service-unavailable'],
    'The database did not answer. Nothing is known to be wrong with the request: try it again.',
    {
      headers: { 'retry-after': '1' },
    },
  );
  problem.cause = error;
  return problem;
}
