import type { TaxSnapshot } from '@innkeep/contracts';
import fc from 'fast-check';
import { oppositeTax, taxFor, taxInput, taxOf } from './tax';

const rate = { taxId: 't', rateBasisPoints: 2300, isInclusive: true };
const amount = fc.integer({ min: 1, max: 10_000_000_000_000 });
const anyRate = fc.record({
  taxId: fc.constant('t'),
  rateBasisPoints: fc.integer({ min: 0, max: 10_000 }),
  isInclusive: fc.boolean(),
});

describe('the tax of an amount', () => {
  it.each([
    ['is in an inclusive amount', 12_50, 2300, true, { netCents: 10_16, taxCents: 2_34, grossCents: 12_50 }],
    ['comes on top of an exclusive one', 10_00, 2300, false, { netCents: 10_00, taxCents: 2_30, grossCents: 12_30 }],
    ['is rounded half up on top', 50, 100, false, { netCents: 50, taxCents: 1, grossCents: 51 }],
    ['is rounded down below a half', 49, 100, false, { netCents: 49, taxCents: 0, grossCents: 49 }],
    ['is rounded half up within', 3, 10_000, true, { netCents: 1, taxCents: 2, grossCents: 3 }],
    ['is nothing at no rate', 99, 0, true, { netCents: 99, taxCents: 0, grossCents: 99 }],
  ])('%s', (_what, amountCents, rateBasisPoints, isInclusive, expected) => {
    expect(taxOf(amountCents, { taxId: 't', rateBasisPoints, isInclusive })).toMatchObject(expected);
  });

  it('makes net and tax the gross, keeps what was given, and is the nearest whole number, whatever the amount', () => {
    fc.assert(
      fc.property(amount, anyRate, (amountCents, of) => {
        const { netCents, taxCents, grossCents } = taxOf(amountCents, of);
        expect(netCents + taxCents).toBe(grossCents);
        expect(of.isInclusive ? grossCents : netCents).toBe(amountCents);
        // The exact tax is numerator / denominator; ours lies in (exact - 1/2, exact + 1/2].
        const numerator = BigInt(amountCents) * BigInt(of.rateBasisPoints);
        const denominator = of.isInclusive ? 10_000n + BigInt(of.rateBasisPoints) : 10_000n;
        const off = 2n * (BigInt(taxCents) * denominator - numerator);
        expect(off > -denominator && off <= denominator).toBe(true);
      }),
    );
  });

  it('of a reversal takes back all of it', () => {
    fc.assert(
      fc.property(amount, anyRate, (amountCents, of) => {
        const tax = taxOf(amountCents, of);
        const back = oppositeTax(tax);
        for (const name of ['netCents', 'taxCents', 'grossCents'] as const) expect(tax[name] + back[name]).toBe(0);
      }),
    );
  });

  it('of many lines is the sum of theirs, and nothing is lost between net, tax and gross', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 1_000_000 }), anyRate)), (lines) => {
        const taxes = lines.map(([amountCents, of]) => taxOf(amountCents, of));
        const sum = (name: 'netCents' | 'taxCents' | 'grossCents') => taxes.reduce((all, tax) => all + tax[name], 0);
        expect(sum('netCents') + sum('taxCents')).toBe(sum('grossCents'));
      }),
    );
  });
});

describe('the tax for a transaction', () => {
  const tax = (taxId: string, more: Partial<TaxSnapshot> = {}): TaxSnapshot => ({
    ...{ taxId, name: 'VAT', propertyId: null, kind: null, category: null, effectiveFrom: '2026-01-01' },
    ...rate,
    ...more,
    taxId,
  });
  const of = { propertyId: 7, kind: 'revenue', category: 'Rooms', businessDay: '2026-03-10' } as const;
  const chosen = (...taxes: TaxSnapshot[]) => taxFor(taxes, of)?.taxId;

  it('is none where none is meant for it', () => {
    expect(
      chosen(
        tax('other property', { propertyId: 8 }),
        tax('other kind', { kind: 'expense' }),
        tax('other category', { category: 'food' }),
        tax('later', { effectiveFrom: '2026-03-11' }),
      ),
    ).toBeUndefined();
  });

  it('is the one that names most, in this order: property, category, kind', () => {
    const [all, kind] = [tax('all'), tax('kind', { kind: 'revenue' })];
    const [category, property] = [tax('category', { category: 'rooms' }), tax('property', { propertyId: 7 })];
    expect(chosen(kind, all)).toBe('kind');
    expect(chosen(all, category, kind)).toBe('category');
    expect(chosen(property, all, category, kind)).toBe('property');
  });

  it('is the one that came into force last', () => {
    const changed = tax('from March', { effectiveFrom: '2026-03-10' });
    expect(chosen(changed, tax('from January'), tax('from April', { effectiveFrom: '2026-04-01' }))).toBe('from March');
  });

  it('is laid down with a rate of at most 100 %', () => {
    const input = { name: 'VAT', rateBasisPoints: 10_001, isInclusive: true, effectiveFrom: '2026-01-01' };
    expect(taxInput.safeParse(input).success).toBe(false);
    expect(taxInput.safeParse({ ...input, rateBasisPoints: 10_000 }).success).toBe(true);
  });
});
