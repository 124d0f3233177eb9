import { parseArgs } from 'node:util';

export const usage = `usage: npm run projections -- <command> [--json]

  status                                  how every read model is doing
  lag                                     how far every track is behind
  pause <name>                            stop folding a read model; the others go on
  resume <name>                           fold what it has missed and go on
  rebuild <name> [--archive <folder>]     build it anew beside the live table, then swap
  drop-before <name>                      remove the table that a rebuild has replaced
  verify [<name>] [--archive <folder>]    fold the log again and compare with what is there
  parked [list] [<name>]                  organizations that a read model holds parked
  parked show <name> <organization>       the event it could not take
  parked retry <name> <organization>      try again, from that event on
  parked skip <name> <organization> --reason <text>   leave that event out and go on

--archive: where the files of the months are that npm run events has moved out of the database

exit codes: 0 done, 1 the answer is bad news (differences, parked again), 2 wrong use or no connection`;

export interface Arguments {
  readonly words: readonly string[];
  readonly isJson: boolean;
  readonly reason?: string;
  readonly archive?: string;
}

/** Reads the command line; undefined when it cannot be understood. */
export function readArguments(args: string[]): Arguments | undefined {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, reason: { type: 'string' }, archive: { type: 'string' } },
    });
    return positionals.length > 0
      ? { words: positionals, isJson: values.json, reason: values.reason, archive: values.archive }
      : undefined;
  } catch {
    return undefined;
  }
}
