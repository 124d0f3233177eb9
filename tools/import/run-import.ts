import { stat } from 'node:fs/promises';
import { ApiClient } from './api-client';
import { type ImportArguments, readArguments, usage } from './arguments';
import { dryRun } from './dry-run';
import { ExternalReferences } from './external-reference';
import { importStays } from './import-stays';
import { ImportStopped, WrongArguments } from './import-stopped';
import { planStays } from './planned-stays';
import { createProgress } from './progress';
import { summarize } from './summary';
import { Tally } from './tally';

/** What an import needs of the process it runs in. */
export interface Surroundings {
  readonly output: NodeJS.WriteStream;
  readonly errors: { write(text: string): unknown };
  readonly signal: AbortSignal;
  readonly pause?: (milliseconds: number) => Promise<void>;
}

export const exitCodes = { ok: 0, someRowsFailed: 1, stopped: 2, interrupted: 130 } as const;

/** Runs the tool and answers with its exit code. */
export async function runImport(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { output, errors, signal } = surroundings;
  try {
    const options = readArguments(argv);
    if (!options) {
      output.write(`${usage}\n`);
      return exitCodes.ok;
    }
    const tally = options.destination
      ? await importFile(options, options.destination, surroundings)
      : await dryRun(options, (text) => output.write(text));
    return tally.hasFailures ? exitCodes.someRowsFailed : exitCodes.ok;
  } catch (error) {
    if (signal.aborted) {
      errors.write('Interrupted. Running the import again records what is missing.\n');
      return exitCodes.interrupted;
    }
    errors.write(`import: ${messageOf(error)}\n`);
    return exitCodes.stopped;
  }
}

async function importFile(
  { file, limit, source }: ImportArguments,
  destination: NonNullable<ImportArguments['destination']>,
  { output, errors, signal, pause }: Surroundings,
): Promise<Tally> {
  const { size } = await stat(file);
  const { api, approve, email, password } = destination;
  const progress = createProgress(output);
  const connection = { api, signal, notice: (text: string) => progress.note(text), ...(pause ? { pause } : {}) };
  const client = new ApiClient(connection, { email, password });
  const property = await client.getProperty(destination.property);
  output.write(`Importing into ${property.name} (${property.currency}, ${property.timeZone})\n`);

  const tally = new Tally();
  const onBadRow = (line: number, reason: string): void => progress.note(`line ${line}: ${reason}`);
  const stays = planStays({ file, limit, references: new ExternalReferences(source), tally, onBadRow });
  let finished = false;
  progress.start(size);
  try {
    await importStays(stays, { client, property, approve, progress, tally });
    finished = true;
  } finally {
    progress.stop(finished);
    output.write(summarize(tally, { currency: property.currency, approve }));
    if (!finished && !signal.aborted) errors.write('Not finished. Running the import again records what is missing.\n');
  }
  return tally;
}

/** Expected errors are a sentence; of others the stack is what helps. */
function messageOf(error: unknown): string {
  if (error instanceof WrongArguments) return `${error.message}\n\n${usage}`;
  if (error instanceof ImportStopped) return error.message;
  if (error instanceof Error && 'syscall' in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
