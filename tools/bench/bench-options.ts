import { parseArgs } from 'node:util';
import type { Scale } from './log/experiment';
import { experimentNames, scenarioNames, suiteNames } from './scenario-names';

export interface BenchOptions {
  /** Length of one round, in seconds. */
  readonly seconds: number;
  /** How often each subject is measured; the medians are printed. */
  readonly rounds: number;
  /** What to measure; everything if nothing is named. */
  readonly only: readonly string[];
  readonly scale: Scale;
  readonly isJson: boolean;
  /** Fail when a target is missed. */
  readonly isStrict: boolean;
}

const names: readonly string[] = [...experimentNames, ...scenarioNames, ...suiteNames];
const scales: readonly string[] = ['small', 'full'] satisfies Scale[];

export const usage = `npm run bench -- [<name>]... [--seconds 2] [--rounds 5] [--scale small] [--json] [--strict]
  <name>      one of ${names.join(', ')}; also as --only <name>
  --seconds   length of one round
  --rounds    rounds for each server; the median of the rounds is printed
  --scale     small, or full: the history that the row \`scale\` is measured on
  --json      the figures as JSON on the last line
  --strict    exit with 1 when a target is missed`;

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600)) throw new Error(`--${name} ${text} is not a number from 1 to 600.\n${usage}`);
  return value;
}

/** Reads the command line; says what is wrong with it. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', multiple: true, default: [] },
      scale: { type: 'string', default: 'small' },
      json: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
    },
  });
  const only = [...positionals, ...values.only];
  const unknown = only.find((name) => !names.includes(name));
  if (unknown) throw new Error(`There is nothing to measure by the name ${unknown}.\n${usage}`);
  if (!scales.includes(values.scale)) throw new Error(`--scale ${values.scale} is neither small nor full.\n${usage}`);
  return {
    seconds: positive('seconds', values.seconds),
    rounds: Math.ceil(positive('rounds', values.rounds)),
    only,
    scale: values.scale as Scale,
    isJson: values.json,
    isStrict: values.strict,
  };
}
