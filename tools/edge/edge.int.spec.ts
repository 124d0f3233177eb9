import { type CdnSimulator, type TestDatabase, createTestDatabase, fastlyDialect, simulateCdn } from '@innkeep/testing';
import { runEdge } from './edge';

describe('the command for the edge', () => {
  let database: TestDatabase;
  let cdn: CdnSimulator;
  beforeAll(async () => {
    database = await createTestDatabase();
    cdn = await simulateCdn(fastlyDialect());
  });
  afterAll(async () => {
    await cdn.stop();
    await database.drop();
  });

  const edge = async (...args: string[]): Promise<string> => {
    const environment = {
      ...{ DATABASE_URL: database.adminUrl, DATABASE_ROLE_SECRET: database.roleSecret, CDN_PROVIDER: 'log,fastly' },
      ...{ FASTLY_API_URL: cdn.url, FASTLY_SERVICE_ID: 'service', FASTLY_API_TOKEN: 'token' },
    };
    const lines: string[] = [];
    await runEdge(args, environment, (line) => lines.push(line));
    return lines.join('\n');
  };

  it('shows in a dry run what it would do, does it, and writes down who did it and why', async () => {
    const off = ['set', 'off', 'finance', '--reason', 'a wrong figure'];
    expect(await edge(...off, '--dry-run')).toBe('finance: baseline -> off (not done)');
    expect(await edge(...off)).toBe('finance: baseline -> off');
    expect(await edge(...off)).toBe('nothing to change');
    expect(await edge('breaker', 'open', 'fastly', '--dry-run')).toBe('fastly: closed -> open (not done)');
    expect(await edge('breaker', 'open', 'fastly')).toBe('fastly: closed -> open');
    const output = await edge('status');
    expect(output).toMatch(/^finance +off +held a wrong figure$/m);
    expect(output).toMatch(/^fastly +breaker open$/m);
    expect(output).toMatch(/finance: baseline -> off, by command: \S+: a wrong figure$/m);
    expect(await edge('breaker', 'close', 'fastly')).toBe('fastly: open -> closed');
  });

  it('empties every CDN that has a request for that', async () => {
    expect(await edge('empty', '--dry-run')).toBe('log: has no request for that\nfastly: emptied (not done)');
    expect(cdn.seen).toEqual([]);
    expect(await edge('empty')).toBe('log: has no request for that\nfastly: emptied');
    expect(cdn.seen).toHaveLength(1);
  });

  it('refuses what it does not know', async () => {
    for (const args of [
      [],
      ['set', 'off', 'finance'],
      ['set', 'away', 'finance', '--reason', 'x'],
      ['set', 'off', 'figures', '--reason', 'x'],
      ['breaker', 'shut', 'fastly'],
    ])
      await expect(edge(...args)).rejects.toThrow(/usage|no family/);
  });
});
