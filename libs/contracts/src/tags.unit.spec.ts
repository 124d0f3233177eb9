import { presetControl } from './cache-families';
import { aliasOf, coarserTag, tagKindOf, tagKinds, tags } from './tags';

const some = [
  tags.organization(9_007_199_254),
  tags.organizationProperty(10_000_000, 50_000_000),
  tags.financeSummary(7),
  tags.financeItem('expense', '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11'),
  tags.profitLoss(7, '2026'),
  tags.dailyReport(50_000_000, '2026-03-10'),
  tags.monthlyReport(50_000_000, '2026-03'),
  tags.yearlyReport(50_000_000, '2026'),
  tags.dashboard(1),
  tags.theme(1),
  tags.organizationTasks(1),
  tags.propertyTasks(1),
  tags.asset('0123456789abcdef0123456789abcdef0123456789abcdef'),
];

describe('the registry of tags', () => {
  it('knows each tag by its kind, and no kind twice', () => {
    for (const tag of some) expect(tagKindOf(tag)).toBeDefined();
    for (const names of [tagKinds.map(({ template }) => template), tagKinds.map(({ alias }) => alias.split(':')[0])])
      expect(new Set(names).size).toBe(names.length);
    expect(tagKindOf('org:1 property:2')).toBeUndefined();
  });

  it('has an alias of at most 32 characters for each', () => {
    expect(aliasOf(tags.monthlyReport(456, '2024-01'))).toBe('rm:456:2024-01');
    for (const tag of some) expect(aliasOf(tag).length).toBeLessThanOrEqual(32);
    expect(new Set(some.map(aliasOf)).size).toBe(some.length);
  });

  it('leads from every tag to the organization’s', () => {
    for (const tag of some) {
      let coarse = coarserTag(tag, 1);
      for (let step = 0; coarse && step < 4; step++) {
        if (coarse === 'org:1') break;
        coarse = coarserTag(coarse, 1);
      }
      expect(coarse ?? tags.organization(1)).toBe('org:1');
    }
    expect(coarserTag(tags.financeSummary(7), 1)).toBe('property:7:finance');
  });

  it('refuses what would break out of a header', () => {
    expect(() => tags.dailyReport(7, '2026-03-10 org:2')).toThrow(/not a cache tag/);
    expect(() => tags.asset('a,b')).toThrow(/not a cache tag/);
  });

  it('has names for usual lifetimes', () => {
    expect(presetControl('short')).toBe('private, max-age=60, stale-while-revalidate=300');
    expect(presetControl('public')).toBe('public, max-age=86400, stale-while-revalidate=604800');
    expect(presetControl('noCache')).toBe('no-store');
  });
});
