import { randomBytes } from 'node:crypto';
import { isSealed, subjects } from '@innkeep/contracts';
import type { OrganizationTransaction, UnitOfWork } from '@innkeep/platform/database';
import { type TestOrganization, addOrganizations, testMasterKeys, withSession } from '@innkeep/testing';
import { Pool } from 'pg';
import { checkMasterKeys } from './master-key-check';
import { readMasterKeyUse, rewrapKeys } from './master-key-rotation';
import { MasterKeyError, MasterKeys } from './master-keys';
import { openEvents } from './open-events';
import { type PrivacyUnderTest, Said, contextOf, openPrivacy } from './privacy-under-test';
import { SubjectSealer, eraseSubject } from './subject-sealer';

const keyNamed = (kid: string) => ({ kty: 'oct', kid, k: randomBytes(32).toString('base64url') });
const testKeys = JSON.parse(testMasterKeys) as object[];
const keysOf = (...keys: object[]) => MasterKeys.fromJson(JSON.stringify(keys));

class CountedSealer extends SubjectSealer {
  count = 0;
  override seal(transaction: OrganizationTransaction) {
    this.count++;
    return super.seal(transaction);
  }
}

describe('personal fields of events', () => {
  let privacy: PrivacyUnderTest;
  let organization: TestOrganization;
  let other: TestOrganization;
  let projector: Pool;

  beforeAll(async () => {
    privacy = await openPrivacy();
    projector = new Pool({ connectionString: privacy.database.urlFor('projector'), max: 1 });
  });
  beforeEach(async () => {
    [organization, other] = (await addOrganizations(privacy.database, [7, 7])) as [TestOrganization, TestOrganization];
  });
  afterAll(async () => {
    await projector.end();
    await privacy.close();
  });

  const say = (writer: UnitOfWork, userId: number, ...texts: (string | null)[]) =>
    writer.run(contextOf(organization), async (unit) =>
      unit.record(...texts.map((text) => Said({ userId, text, loud: true }))),
    );
  const erase = (userId: number) =>
    privacy.unitOfWork.run(contextOf(organization), async (unit) => eraseSubject(unit, subjects.user(userId)));

  /** The texts as a projector reads them, or the flaws. */
  const read = async (masterKeys = keysOf(...testKeys)): Promise<unknown[]> => {
    const events = (await privacy.payloads(organization))
      .filter((data) => 'loud' in data)
      .map((data) => ({ ...organization, type: 'Said', data }));
    const client = await projector.connect();
    try {
      return (await openEvents(client, masterKeys, events)).map((one) => ('data' in one ? one.data.text : one.flaw));
    } finally {
      client.release();
    }
  };

  it('are written sealed, and read as they were', async () => {
    await say(privacy.unitOfWork, 5, 'good morning', null);
    const [first, second] = await privacy.payloads(organization);
    expect(first).toEqual({ userId: 5, loud: true, text: { sealedFor: 'user:5', box: expect.any(String) } });
    expect(second).toEqual({ userId: 5, loud: true, text: null });
    expect(await read()).toEqual(['good morning', null]);
  });

  it('are asked a key for once in a transaction; events without any are not held up', async () => {
    const sealer = new CountedSealer(keysOf(...testKeys));
    const writer = privacy.writerWith(sealer);
    const heard = { type: 'Heard', schemaVersion: 1, data: {} };
    await writer.run(contextOf(organization), async (unit) => unit.record(heard));
    expect(sealer.count).toBe(0);
    await writer.run(contextOf(organization), async (unit) => {
      unit.record(heard, Said({ userId: 5, text: 'a', loud: true }), Said({ userId: 6, text: 'b', loud: true }));
    });
    expect(sealer.count).toBe(1);
    expect(await read()).toEqual(['a', 'b']);
  });

  it('are refused with a character that no read model could store', async () => {
    await expect(say(privacy.unitOfWork, 5, 'good\0morning')).rejects.toThrow(TypeError);
  });

  it('get one key for each person, however many transactions make it at once', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, n) => say(privacy.unitOfWork, n % 2, `text ${n}`)));
    expect((await read()).sort()).toEqual(Array.from({ length: 12 }, (_, n) => `text ${n}`).sort());
    const keys = await privacy.database.asAdmin('select subject from privacy.subject_keys where organization_id = $1', [
      organization.organizationId,
    ]);
    expect(keys).toHaveLength(2);
  });

  it('are refused, and not written in the clear, by a writer without keys', async () => {
    await expect(say(privacy.writerWith(), 5, 'good morning')).rejects.toThrow(/no keys to seal/);
    expect(await privacy.payloads(organization)).toEqual([]);
  });

  it('read as erased after the key is destroyed, whenever they were written', async () => {
    await say(privacy.unitOfWork, 5, 'before');
    await say(privacy.unitOfWork, 6, 'another person');
    await erase(5);
    await say(privacy.unitOfWork, 5, 'after');
    expect(await read()).toEqual(['erased', 'another person', 'erased']);
    const last = (await privacy.payloads(organization)).at(-1)!;
    expect(isSealed(last.text) && last.text.box).toBeNull();
    const [key] = await privacy.database.asAdmin(
      "select wrapped_key, erased_at is not null as is_erased from privacy.subject_keys where organization_id = $1 and subject = 'user:5'",
      [organization.organizationId],
    );
    expect(key).toEqual({ wrapped_key: null, is_erased: true });
  });

  it('can be erased for a person whom no event told of, who then never gets a key', async () => {
    await erase(5);
    await say(privacy.unitOfWork, 5, 'after');
    expect(await read()).toEqual(['erased']);
  });

  it('are flawed without a key that ever was, and where they were not sealed', async () => {
    await say(privacy.unitOfWork, 5, 'good morning');
    await privacy.database.asAdmin('delete from privacy.subject_keys where organization_id = $1', [
      organization.organizationId,
    ]);
    expect(await read()).toEqual(['there never was a key of user:5']);
    await say(privacy.unitOfWork, 5, 'good evening');
    expect((await read())[0]).toMatch(/^text was not sealed for user:5/);
  });

  describe('keys', () => {
    const asApi = <Result>(statement: string, { organizationId }: TestOrganization) =>
      withSession(privacy.database.urlFor('api'), async (session) => {
        await session.query('begin');
        await session.query("select set_config('app.organization_id', $1, true)", [String(organizationId)]);
        return (await session.query(statement)).rows as Result[];
      });

    it('are seen by their own organization alone', async () => {
      await say(privacy.unitOfWork, 5, 'good morning');
      expect(await asApi('select from privacy.subject_keys', organization)).toHaveLength(1);
      expect(await asApi('select from privacy.subject_keys', other)).toHaveLength(0);
    });

    it('are never replaced or brought back, not even by the API', async () => {
      await say(privacy.unitOfWork, 5, 'good morning');
      const replace = "update privacy.subject_keys set wrapped_key = 'x'";
      await expect(asApi(replace, organization)).rejects.toThrow(/row-level security/);
      await erase(5);
      const revive = `${replace}, master_key = 'tests', erased_at = null returning 1`;
      expect(await asApi(revive, organization)).toEqual([]);
      await expect(asApi('delete from privacy.subject_keys', organization)).rejects.toThrow(/permission denied/);
    });
  });

  describe('master keys', () => {
    it('are checked at the start: each that is in use has to be there and be the same', async () => {
      await say(privacy.unitOfWork, 5, 'good morning');
      await expect(checkMasterKeys(privacy.pool, keysOf(keyNamed('next'), ...testKeys))).resolves.toBeUndefined();
      await expect(checkMasterKeys(privacy.pool, keysOf(keyNamed('next')))).rejects.toThrow(MasterKeyError);
      await expect(checkMasterKeys(privacy.pool, keysOf(keyNamed('tests')))).rejects.toThrow(/another key/);
    });

    it('that are missing or wrong are no flaw of the data', async () => {
      await say(privacy.unitOfWork, 5, 'good morning');
      await expect(read(keysOf(keyNamed('next')))).rejects.toThrow(MasterKeyError);
      await expect(read(keysOf(keyNamed('tests')))).rejects.toThrow(MasterKeyError);
    });

    it('cannot be two by one name', async () => {
      await say(privacy.unitOfWork, 5, 'good morning');
      const impostor = privacy.writerWith(new SubjectSealer(keysOf(keyNamed('tests'))));
      await expect(say(impostor, 6, 'hello')).rejects.toThrow(/another master key/);
    });

    it('follow one another: keys are wrapped anew, and the one before is no longer needed', async () => {
      const next = keyNamed('next');
      await say(privacy.unitOfWork, 5, 'good morning');
      await say(privacy.unitOfWork, 6, 'good night');
      await erase(6);
      const migrator = new Pool({ connectionString: privacy.database.urlFor('migrator'), max: 1 });
      try {
        expect(await rewrapKeys(migrator, keysOf(next, ...testKeys))).toEqual(['tests']);
        expect(await read(keysOf(next))).toEqual(['good morning', 'erased']);
        await expect(checkMasterKeys(privacy.pool, keysOf(next))).resolves.toBeUndefined();
        expect((await readMasterKeyUse(migrator)).map(({ id }) => id)).toEqual(['next']);
      } finally {
        await rewrapKeys(migrator, keysOf(...testKeys, next));
        await migrator.end();
      }
    });
  });
});
