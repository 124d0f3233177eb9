import { parseArgs } from 'node:util';

export const usage = `usage: npm run events -- <command> [--json]

  list [--in <folder>]                      the months of the log, where they are and who still needs them; compares with the files
  archive --before <YYYY-MM-DD> --to <folder>   write the months that are over by that day to files, and remove them from the database
  restore --from <folder> [--month <YYYY-MM>]   put the newest month of the archive back, or all from that month on
  new-epoch                                 after the database was restored to an earlier time: what was given out since does not count

exit codes: 0 done, 1 refused or bad news (a month is still needed, a file is missing or damaged), 2 wrong use or no connection`;

export type Arguments =
  | { readonly command: 'list'; readonly folder?: string; readonly isJson: boolean }
  | { readonly command: 'new-epoch'; readonly isJson: boolean }
  | { readonly command: 'archive'; readonly folder: string; readonly before: string; readonly isJson: boolean }
  | { readonly command: 'restore'; readonly folder: string; readonly month?: string; readonly isJson: boolean };

const isDay = (text: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

/** Reads the command line; undefined when it cannot be understood. */
export function readArguments(args: string[]): Arguments | undefined {
  try {
    const text = { type: 'string' } as const;
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        in: text,
        before: text,
        to: text,
        from: text,
        month: text,
      },
    });
    const { json: isJson, in: within, before, to, from, month } = values;
    const given = [...Object.keys(values)].filter((name) => name !== 'json');
    const takes = (...names: string[]) => given.every((name) => names.includes(name)) && positionals.length === 1;
    if (positionals[0] === 'new-epoch' && takes()) return { command: 'new-epoch', isJson };
    if (positionals[0] === 'list' && takes('in')) return { command: 'list', folder: within, isJson };
    if (positionals[0] === 'archive' && takes('before', 'to') && before && to && isDay(before))
      return { command: 'archive', folder: to, before, isJson };
    if (positionals[0] === 'restore' && takes('from', 'month') && from && isDay(`${month ?? '2000-01'}-01`))
      return { command: 'restore', folder: from, month, isJson };
    return undefined;
  } catch {
    return undefined;
  }
}
