import { parseArgs } from 'node:util';

export const usage = `usage: npm run cache -- <command> [--json]

  explain [<route or event type>]   how the answers of a route are kept and what purges them, or what an event purges; all, without a name
  would-purge <event type> [--organization <id>] [--data <json>]
                                    the very tags that such an event would purge; nothing is purged

exit codes: 0 done, 1 there is no such route or event, 2 wrong use`;

export type Arguments =
  | { readonly command: 'explain'; readonly name?: string; readonly isJson: boolean }
  | {
      readonly command: 'would-purge';
      readonly type: string;
      readonly organizationId: number;
      readonly data: object;
      readonly isJson: boolean;
    };

/** Reads the command line; undefined when it cannot be understood. */
export function readArguments(args: string[]): Arguments | undefined {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        organization: { type: 'string' },
        data: { type: 'string' },
      },
    });
    const [command, name, ...more] = positionals;
    const { json: isJson, organization = '1', data = '{}' } = values;
    if (more.length > 0) return undefined;
    if (command === 'explain' && values.organization === undefined && values.data === undefined)
      return { command, name, isJson };
    const parsed = JSON.parse(data) as unknown;
    if (command !== 'would-purge' || !name || !/^\d{1,15}$/.test(organization)) return undefined;
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    return { command, type: name, organizationId: Number(organization), data: parsed, isJson };
  } catch {
    return undefined;
  }
}
