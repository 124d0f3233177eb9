import { eventually } from '@innkeep/testing';
import { type Answer, InnkeepUnderTest, type Member, type Property, signUp } from './system';

const isHit = ({ headers }: Answer) => headers.get('cache-status') === 'innkeep-memory; hit';
const timing = ({ headers }: Answer) => headers.get('server-timing');

describe('an answer', () => {
  const innkeep = new InnkeepUnderTest();
  let owner: Member;
  let property: Property;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    property = await owner.addProperty();
  });

  /** The answer as it comes from memory. */
  const kept = (path: string, headers?: Record<string, string>) =>
    eventually(async () => {
      const answer = await owner.get(path, headers);
      expect(isHit(answer)).toBe(true);
      return answer;
    });

  describe('says where its time went', () => {
    const ms = String.raw`\d+(\.\d\d?)?`;
    const all = new RegExp(`^db;dur=${ms}, cache;desc="miss", total;dur=${ms}$`);
    const fromDatabase = new RegExp(`^db;dur=${ms}, total;dur=${ms}$`);
    const total = new RegExp(`^total;dur=${ms}$`);

    it('when it is read, and when it was kept', async () => {
      const path = '/v1/properties?limit=17';
      const first = await owner.get(path);
      expect(timing(first)).toMatch(all);
      expect(timing(await kept(path))).toMatch(new RegExp(`^cache;desc="hit";dur=${ms}, total;dur=${ms}$`));
      const unchanged = await kept(path, { 'if-none-match': first.etag });
      expect([unchanged.status, timing(unchanged)]).toEqual([304, expect.stringMatching(/^cache;desc="hit"/)]);
    });

    it('when it is an item, about a person, or what a change came to', async () => {
      const renamed = await owner.patch(`/v1/properties/${property.id}`, { name: 'Casa Nova' });
      const answers = [await owner.get(`/v1/properties/${property.id}`), await owner.get('/v1/auth/me'), renamed];
      for (const answer of answers) expect(timing(answer.expect(200))).toMatch(fromDatabase);
    });

    it('but not what the database did for somebody who need not sign in', async () => {
      const asked = await innkeep.anybody.post('/v1/auth/password-resets', { email: owner.email });
      expect(timing(asked.expect(202))).toMatch(total);
      expect(timing(await innkeep.anybody.get('/v1/properties'))).toMatch(total);
      expect(timing(await owner.get('/v1/nothing'))).toMatch(total);
    });
  });
});
