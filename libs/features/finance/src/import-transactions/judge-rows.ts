import { DomainError, type Principal, type PropertyFacts } from '@innkeep/contracts';
import { v7 as uuidv7 } from 'uuid';
import { type FinanceRules, underRules } from '../finance-rules';
import type { RowError } from '../import';
import { type Transaction, type TransactionInput, recordTransaction } from '../transaction';
import { referenceKey } from '../transaction.store';
import type { ImportRequest } from './import-transactions.command';

interface ReadRow {
  readonly line: number;
  readonly input?: TransactionInput;
  readonly errors: readonly RowError[];
}

/** What rows are held against. */
interface Books {
  readonly property: PropertyFacts;
  readonly rules: FinanceRules;
  /** What has one of their references already. */
  readonly known: ReadonlyMap<string, Transaction>;
}

/** What becomes of all rows. */
export interface JudgedRows {
  readonly rowCount: number;
  readonly added: readonly Transaction[];
  readonly knownCount: number;
  readonly errors: readonly RowError[];
}

/** Judges each row as if it were recorded by itself, in the order of the file. */
export function judgeRows(
  { kind, errors: given }: Pick<ImportRequest, 'kind' | 'errors'>,
  rows: readonly ReadRow[],
  { property, rules, known }: Books,
  { by, now }: { readonly by: Principal; readonly now: Date },
): JudgedRows {
  const errors = [...given, ...rows.flatMap((row) => row.errors)];
  const added: Transaction[] = [];
  const lines = new Map<string, number>();
  let knownCount = 0;
  const judge = (line: number, input: TransactionInput): void => {
    const reference = input.externalReference!;
    const wrong = (column: string | null, reason: string) => void errors.push({ line, column, reason });
    const before = lines.get(reference);
    if (before !== undefined) return wrong('externalReference', `is the reference of line ${before}`);
    lines.set(reference, line);
    const standing = known.get(referenceKey(property.id, reference));
    if (standing && standing.kind !== kind)
      return wrong('externalReference', `is the reference of a recorded ${standing.kind}`);
    if (standing) return void knownCount++;
    try {
      added.push(underRules(recordTransaction(uuidv7(), kind, input, property, by, now), rules, now));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      wrong(error.extra.errors?.[0]?.pointer.slice(1) ?? null, error.message);
    }
  };
  for (const { line, input } of rows) if (input) judge(line, input);
  return {
    rowCount: rows.length + new Set(given.map(({ line }) => line)).size,
    ...{ added, knownCount },
    errors: errors.sort((one, other) => one.line - other.line),
  };
}
