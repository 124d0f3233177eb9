import { PropertyPort, type PropertyFacts, TransactionRecorded, TransactionsImported } from '@innkeep/contracts';
import { type Committed, type OrganizationTransaction, UnitOfWork } from '@innkeep/platform/database';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { FinanceRulesStore } from '../finance-rules.store';
import { propertyFor } from '../finance.policies';
import { externalReferenceTaken, refuse } from '../finance.problems';
import type { ImportResult, ImportView, RowError } from '../import';
import { readRow } from '../import-row';
import { ImportStore } from '../import.store';
import { snapshotOf } from '../transaction';
import { TransactionStore } from '../transaction.store';
import { type ImportRequest, ImportTransactions } from './import-transactions.command';
import { type JudgedRows, judgeRows } from './judge-rows';

const ERRORS_SHOWN = 1_000;

const resultOf = (request: ImportRequest, judged: JudgedRows, made: ImportView | null): ImportResult => ({
  isDryRun: request.isDryRun,
  import: made,
  rowCount: judged.rowCount,
  recordableCount: judged.added.length,
  knownCount: judged.knownCount,
  errorCount: judged.errors.length,
  errors: judged.errors.slice(0, ERRORS_SHOWN),
});

function assertWhole(errors: readonly RowError[]): void {
  if (errors.length === 0) return;
  throw refuse(
    'import-invalid',
    'Nothing was recorded. Mend the rows named in rowErrors and send the file again.',
    undefined,
    {
      errorCount: errors.length,
      rowErrors: errors.slice(0, ERRORS_SHOWN),
    },
  );
}

@CommandHandler(ImportTransactions)
export class ImportTransactionsHandler implements ICommandHandler<ImportTransactions> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly rules: FinanceRulesStore,
    private readonly store: TransactionStore,
    private readonly imports: ImportStore,
  ) {}

  execute({ context, request }: ImportTransactions): Promise<Committed<ImportResult>> {
    return this.unitOfWork.run(
      context,
      async (unit) => {
        const properties = await this.properties.find(unit, [request.propertyId]);
        const property = propertyFor(context.principal, properties, request.propertyId);
        const now = new Date();
        const judged = await this.judge(unit, request, property, { by: context.principal, now });
        if (request.isDryRun) return resultOf(request, judged, null);
        assertWhole(judged.errors);
        const made: ImportView = {
          ...{ id: uuidv7(), kind: request.kind, propertyId: property.id, rowCount: judged.rowCount },
          ...{ recordedCount: judged.added.length, knownCount: judged.knownCount, sha256: request.sha256 },
          ...{ importedBy: context.principal.userId, importedAt: now.toISOString() },
        };
        this.record(unit, made, judged);
        return resultOf(request, judged, made);
      },
      { constraints: { transactions_external_reference: externalReferenceTaken } },
    );
  }

  private async judge(
    unit: OrganizationTransaction,
    request: ImportRequest,
    property: PropertyFacts,
    recording: Parameters<typeof judgeRows>[3],
  ): Promise<JudgedRows> {
    const read = request.rows.map((row) => {
      // By the file and the row: the same file, sent again, is known row by row.
      const reference = `import:${request.sha256.slice(0, 24)}:${row.line}`;
      return { line: row.line, ...readRow(row, property, reference) };
    });
    const inputs = read.flatMap(({ input }) => input ?? []);
    const [rules, known] = await Promise.all([
      this.rules.load(
        unit,
        [property.id],
        inputs.map(({ occurredAt }) => occurredAt),
      ),
      this.store.findByReference(
        unit,
        inputs.map(({ propertyId, externalReference }) => [propertyId, externalReference!] as const),
      ),
    ]);
    return judgeRows(request, read, { property, rules, known }, recording);
  }

  private record(unit: OrganizationTransaction, made: ImportView, { added }: JudgedRows): void {
    const { id: importId, importedBy: _by, importedAt: _at, ...told } = made;
    const { propertyId } = made;
    // The import before its transactions: these are saved under the versions of the last events.
    unit.record(TransactionsImported({ importId, ...told }, { propertyId, entityId: importId }));
    this.imports.add(unit, made);
    if (added.length === 0) return;
    this.store.add(unit, added);
    unit.record(
      ...added.map((transaction) =>
        TransactionRecorded(snapshotOf(transaction), { propertyId, entityId: transaction.transactionId }),
      ),
    );
  }
}
