import {
  ERASED,
  GuestCheckedIn,
  GuestExpected,
  StayCancelled,
  StayChanged,
  type StaySnapshot,
  SubjectErased,
} from '@innkeep/contracts';
import { type Projection, foldOf } from '@innkeep/platform/events';
import { type Happening, ProjectionsUnderTest, logArbitraries, logOf, printedSeed } from '@innkeep/testing';
import fc from 'fast-check';
import { staysOfGuest } from '../guest-words.sql';
import { guestWords } from './guest-words.projection';

const { organizationIndex, cuts } = logArbitraries(fc);
const runs = { numRuns: 12, seed: printedSeed('names of guests') };

/** Names, and what each is found by. */
const names: Readonly<Record<string, readonly string[]>> = {
  'Inês Carvalho': ['carvalho', 'ines'],
  'INÊS  ines': ['ines'],
  "O'Brien-Łuczak, Seán": ['brien', 'o', 'sean', 'łuczak'],
  'Jürgen Groß 3rd': ['3rd', 'groß', 'jurgen'],
  'Ольга Петрова': ['ольга', 'петрова'],
  '山田 太郎': ['太郎', '山田'],
  'ｆｕｌｌ ﬁnger': ['finger', 'full'],
  '— ? —': [],
  // A character that becomes six letters.
  ['\u3316'.repeat(200)]: ['キロメートル'.normalize('NFKD').repeat(10).slice(0, 60)],
};
const stay = fc.record({
  organization: organizationIndex,
  names: fc.array(fc.constantFrom(null, ERASED, ...Object.keys(names)), { minLength: 1, maxLength: 4 }),
  isErased: fc.boolean(),
});
type Story = typeof stay extends fc.Arbitrary<infer One> ? One : never;

const idOf = (index: number) => `0198c5e2-7d3a-7c1e-9a55-${String(index).padStart(12, '0')}`;
const snapshot = (stayId: string, guestName: string | null): StaySnapshot => ({
  ...{ stayId, propertyId: 1, status: 'expected', unitIds: [], unitCount: 1, adults: 1, children: 0, partySize: 1 },
  ...{ country: null, guestName, arrivesOn: '2026-03-01', departsOn: '2026-03-02', arrivedOn: null, departedOn: null },
  ...{ checkedInAt: null, checkedOutAt: null, externalReference: null },
});

const types = [GuestExpected, StayChanged, GuestCheckedIn, StayCancelled] as const;

function happeningsOf({ organization, names: told, isErased }: Story, index: number): Happening[] {
  const stayId = idOf(index);
  const before = told.map((name, at) => ({ organization, type: types[at]!, data: snapshot(stayId, name) }));
  const erasure = { kind: 'guest', id: stayId, propertyId: 1 };
  return isErased ? [...before, { organization, type: SubjectErased, data: erasure }] : before;
}

describe('the words of guests’ names', () => {
  let under: ProjectionsUnderTest<Projection>;
  beforeAll(async () => (under = await ProjectionsUnderTest.open(foldOf)));
  afterAll(() => under.close());

  it('are those of the name that a stay has last, whatever the batches, and none of who was erased', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stay, { maxLength: 12, size: 'max' }), cuts, async (stories, batches) => {
        const rows = await under.rowsAfter(guestWords, logOf(stories.flatMap(happeningsOf)), batches);
        const expected = stories.flatMap((story, index) => {
          const name = story.isErased ? null : story.names.at(-1)!;
          return (names[name ?? ''] ?? []).map((word) => `${story.organization} ${idOf(index)} ${word}`);
        });
        const told = (rows as { organization_id: number; stay_id: string; word: string }[]).map(
          ({ organization_id, stay_id, word }) => `${organization_id - 5_000_000} ${stay_id} ${word}`,
        );
        expect(told.sort()).toEqual(expected.sort());
      }),
      runs,
    );
  });

  it('are looked up by how they begin, all that are asked for, in one organization', async () => {
    const all = Object.keys(names);
    const stories = all.map((name): Story => ({ organization: 0, names: [name], isErased: false }));
    const strangers: Story = { organization: 1, names: ['Inês Carvalho'], isErased: false };
    await under.rowsAfter(guestWords, logOf([...stories, strangers].flatMap(happeningsOf)), [
      { size: 5, isRepeated: false },
    ]);
    const found = async (asked: string) => {
      const { text, values } = staysOfGuest(3, 5_000_000, asked).compile();
      const [row] = await under.database.asAdmin<{ ids: string[] }>(`select ${text} as ids`, values);
      return row!.ids.map((id) => all[Number(id.slice(-12))]).sort();
    };
    expect(await found('ines')).toEqual(['INÊS  ines', 'Inês Carvalho']);
    expect(await found('Carv INÊ')).toEqual(['Inês Carvalho']);
    expect(await found('carvalhos')).toEqual([]);
    expect(await found('ines petrova')).toEqual([]);
    expect(await found('пет')).toEqual(['Ольга Петрова']);
    expect(await found('山')).toEqual(['山田 太郎']);
    expect(await found("o'b")).toEqual(["O'Brien-Łuczak, Seán"]);
    expect(await found('%')).toEqual([]);
    expect(await found('\u3316'.repeat(100))).toEqual(['\u3316'.repeat(200)]);
  });
});
