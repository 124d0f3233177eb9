import { DomainError, PropertyPort, TransactionRecorded } from '@innkeep/contracts';
import { type Committed, type OrganizationTransaction, UnitOfWork } from '@innkeep/platform/database';
import { mapInTurns } from '@innkeep/platform/feature';
import { fieldErrors } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { v7 as uuidv7 } from 'uuid';
import { propertyFor } from '../finance.policies';
import { underRules } from '../finance-rules';
import { FinanceRulesStore } from '../finance-rules.store';
import { externalReferenceTaken } from '../finance.problems';
import {
  type Transaction,
  type TransactionInput,
  recordTransaction,
  snapshotOf,
  transactionInput,
  transactionView,
} from '../transaction';
import { TransactionStore, referenceKey } from '../transaction.store';
import { type BulkResult, RecordTransactionsInBulk } from './record-transactions-in-bulk.command';

const ATTEMPTS = 3;

@CommandHandler(RecordTransactionsInBulk)
export class RecordTransactionsInBulkHandler implements ICommandHandler<RecordTransactionsInBulk> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
    private readonly rules: FinanceRulesStore,
    private readonly store: TransactionStore,
  ) {}

  async execute(command: RecordTransactionsInBulk): Promise<Committed<{ results: BulkResult[] }>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.unitOfWork.run(command.context, (unit) => this.record(unit, command), {
          constraints: { transactions_external_reference: externalReferenceTaken },
        });
      } catch (error) {
        // Somebody recorded one of the references between our look and our write: the next look finds it.
        if (attempt < ATTEMPTS && error instanceof DomainError && error.problem.name === 'external-reference-taken')
          continue;
        throw error;
      }
    }
  }

  private async record(
    unit: OrganizationTransaction,
    { context, kind, items }: RecordTransactionsInBulk,
  ): Promise<{ results: BulkResult[] }> {
    const parsed = await mapInTurns(items, (item) => transactionInput.safeParse(item));
    const inputs = parsed.flatMap(({ data }) => data ?? []);
    const references = inputs.flatMap(({ propertyId, externalReference }) =>
      externalReference ? [[propertyId, externalReference] as const] : [],
    );
    const propertyIds = [...new Set(inputs.map(({ propertyId }) => propertyId))];
    const [properties, rules, known] = await Promise.all([
      this.properties.find(unit, propertyIds),
      this.rules.load(
        unit,
        propertyIds,
        inputs.map(({ occurredAt }) => occurredAt),
      ),
      this.store.findByReference(unit, references),
    ]);
    const now = new Date();
    const added: Transaction[] = [];
    const judge = (input: TransactionInput, index: number): BulkResult => {
      const property = propertyFor(context.principal, properties, input.propertyId);
      const key = input.externalReference && referenceKey(input.propertyId, input.externalReference);
      const present = key ? known.get(key) : undefined;
      if (present && present.kind !== kind) throw externalReferenceTaken();
      if (present) return { index, status: 'known', transaction: transactionView(present) };
      const recorded = recordTransaction(uuidv7(), kind, input, property, context.principal, now);
      const transaction = underRules(recorded, rules, now);
      added.push(transaction);
      if (key) known.set(key, transaction);
      return { index, status: 'recorded', transaction: transactionView(transaction) };
    };
    const results = await mapInTurns(parsed, (result, index): BulkResult => {
      if (!result.success)
        return { index, status: 'invalid', code: 'invalid-request', errors: fieldErrors(result.error.issues) };
      try {
        return judge(result.data, index);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        return {
          index,
          status: 'invalid',
          code: error.problem.name,
          errors: error.extra.errors ?? [{ pointer: '', detail: error.message }],
        };
      }
    });
    if (added.length > 0) {
      this.store.add(unit, added);
      const events = await mapInTurns(added, (transaction) =>
        TransactionRecorded(snapshotOf(transaction), {
          propertyId: transaction.propertyId,
          entityId: transaction.transactionId,
        }),
      );
      unit.record(...events);
    }
    return { results };
  }
}
