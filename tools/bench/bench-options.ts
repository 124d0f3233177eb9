import { parseArgs } from 'node:util';
import { scenarioNames } from './scenario-names';

export interface BenchOptions {
  /** Length of one round, in seconds. */
  readonly seconds: number;
  /** How often each subject is measured; the medians are printed. */
  readonly rounds: number;
  readonly only: readonly string[];
  readonly isJson: boolean;
  /** Fail when a target is missed. */
  readonly isStrict: boolean;
}

export const usage = `npm run bench -- [--only <name>]... [--seconds 2] [--rounds 5] [--json] [--strict]
  --only      one of ${scenarioNames.join(', ')}
  --seconds   length of one round
  --rounds    rounds for each server; the median of the rounds is printed
  --json      the figures as JSON on the last line
  --strict    exit with 1 when a target is missed`;

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600)) throw new Error(`--${name} ${text} is not a number from 1 to 600.\n${usage}`);
  return value;
}

/** Reads the command line; says what is wrong with it. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
    },
  });
  const unknown = values.only.find((name) => !(scenarioNames as readonly string[]).includes(name));
  if (unknown) throw new Error(`There is nothing to measure by the name ${unknown}.\n${usage}`);
  return {
    seconds: positive('seconds', values.seconds),
    rounds: Math.ceil(positive('rounds', values.rounds)),
    only: values.only,
    isJson: values.json,
    isStrict: values.strict,
  };
}
