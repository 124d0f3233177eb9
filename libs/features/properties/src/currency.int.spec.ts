import { type TestDatabase, addOrganizations, createTestDatabase } from '@innkeep/testing';
import { Client } from 'pg';

describe('the currency of a property', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it.each(['api', 'worker'] as const)('cannot be changed by the %s', async (role) => {
    const [organization] = await addOrganizations(database, [3]);
    const { organizationId, bucket } = organization!;
    const client = new Client({ connectionString: database.urlFor(role) });
    await client.connect();
    try {
      await client.query(`select set_config('app.organization_id', $1, false)`, [String(organizationId)]);
      await client.query(
        `insert into properties.properties (bucket, organization_id, id, name, time_zone, currency, business_day_starts_at, version)
         values ($1, $2, 1, 'Casa', 'UTC', 'EUR', '00:00', 1)`,
        [bucket, organizationId],
      );
      const change = (what: string) =>
        client.query(`update properties.properties set ${what} where bucket = $1 and organization_id = $2 and id = 1`, [
          bucket,
          organizationId,
        ]);
      await expect(change(`currency = 'USD'`)).rejects.toThrow('permission denied');
      expect((await change(`name = 'Casa Nova'`)).rowCount).toBe(1);
    } finally {
      await client.end();
    }
  });
});
