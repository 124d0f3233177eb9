import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestDatabase, createTestDatabase } from '@innkeep/testing';
import { describeSchema } from './schema/describe-schema';

const FILE = join(__dirname, '../../../../docs/schema.txt');
const HOW = 'a migration has changed the schema: look at the change with SCHEMA=record npm test -- guards/schema';

describe('the schema', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is the one that is written down, so that every migration shows what it does to it', async () => {
    const schema = await describeSchema(database);
    if (process.env.SCHEMA === 'record') writeFileSync(FILE, schema);
    const written = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
    expect({ HOW, schema }).toEqual({ HOW, schema: written });
  });

  it('is described whole: tables with their policies, functions, grants; and without the months of the log', async () => {
    const schema = await describeSchema(database);
    for (const part of [
      'partitioned table events.log',
      'row security forced',
      'policy',
      'FUNCTION events.record',
      'grants',
    ])
      expect(schema).toContain(part);
    expect(schema).not.toMatch(/table events\.log_\d{4}/);
  });
});
