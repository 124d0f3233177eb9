import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '@innkeep/testing';
import { SharedInnkeep, startTool } from './system';

const run = promisify(execFile);

interface Block {
  readonly commands: string;
  /** Lines that the commands print; `…` stands for anything. */
  readonly prints: readonly string[];
}

/** The blocks of commands of a page, each with the block of text behind it, if there is one. */
function blocksOf(page: string): Block[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms)].map(
    ([, commands = '', printed = '']) => ({
      commands,
      prints: printed.split('\n').filter(Boolean),
    }),
  );
}

const patternOf = (line: string) =>
  new RegExp(
    `^${line
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    'm',
  );

describe('the commands of the documentation', () => {
  const innkeep = new SharedInnkeep();
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'innkeep-commands-'));
    innkeep.atEnd(async () => rmSync(folder, { recursive: true, force: true }));
    const { code, output } = await startTool('seed', ['--api', innkeep.url, '--days', '30']).ended;
    expect([code, output]).toEqual([0, expect.anything()]);
  });

  it.each(['README.md', 'docs/quickstart.md', 'docs/api.md'])('of %s do what the page says', async (page) => {
    const blocks = blocksOf(page);
    expect(blocks.length).toBeGreaterThan(0);
    const script = blocks.map(({ commands }) => `${commands}\nprintf '\\n@@@\\n'\n`).join('');
    const here = script.replaceAll('http://localhost:4000', innkeep.url);
    const options = { cwd: folder, env: { PATH: process.env.PATH }, maxBuffer: 64 * 1024 * 1024 };
    const { stdout, stderr } = await run('bash', ['--norc', '-eu', '-c', here], options);
    expect(stderr).toBe('');
    const printed = stdout.replaceAll('\r', '').split('\n@@@\n');
    expect(printed).toHaveLength(blocks.length + 1);
    for (const [index, { commands, prints }] of blocks.entries())
      for (const line of prints)
        expect({ commands, printed: printed[index] }).toEqual({
          commands,
          printed: expect.stringMatching(patternOf(line)),
        });
    // Pages show what is refused too, and say so.
    const refused = blocks.filter((_, index) => printed[index]!.includes('"type":"/problems/'));
    expect(refused.filter(({ commands }) => !commands.includes('# Refused: '))).toEqual([]);
  });
});
