import { SharedInnkeep, type Member, type Property, newKey, signUp } from './system';

/** The moment at which all that is on one day happens. */
const at = (day: string) => ({ occurredAt: `${day}T12:00:00Z` });

describe('the books of a property', () => {
  const innkeep = new SharedInnkeep();
  let owner: Member;
  let manager: Member;
  let property: Property;

  beforeAll(async () => {
    owner = await signUp(innkeep.anybody);
    manager = await owner.invite('manager');
  });
  beforeEach(async () => {
    property = await owner.addProperty();
  });

  const close = (businessDay: string, counts: object[] = []) =>
    manager.post('/v1/finance/days/close', { propertyId: property.id, businessDay, counts });

  it('are balanced by payment mode and day, and summed up by quarter and year', async () => {
    const of = (day: string, paymentMode: string) => ({ ...at(day), paymentMode });
    await owner.recordApproved('revenue', property.id, { ...of('2025-12-30', 'cash'), amountCents: 200_00 });
    await owner.recordApproved('revenue', property.id, { ...of('2026-01-05', 'cash'), amountCents: 98_00 });
    await owner.recordApproved('expense', property.id, { ...of('2026-01-05', 'cash'), amountCents: 12_50 });
    await close('2026-01-05', [{ paymentMode: 'cash', currency: 'EUR', countedCents: 85_00 }]);
    const last = await owner.recordApproved('revenue', property.id, {
      ...of('2026-04-01', 'card'),
      amountCents: 50_00,
    });
    const ask = async (path: string) =>
      (await owner.getAfter(last.position, `${path}propertyId=${property.id}`)).as<Record<string, unknown>>(200);

    const { balances } = await ask('/v1/finance/audit-balances?from=2026-01-01&to=2026-12-31&');
    expect(balances).toEqual([
      {
        ...{ paymentMode: 'card', currency: 'EUR', openingCents: 0, receivedCents: 50_00, expensesCents: 0 },
        ...{ closingCents: 50_00, differenceCents: 0 },
        days: [
          {
            ...{ businessDay: '2026-04-01', openingCents: 0, receivedCents: 50_00, expensesCents: 0 },
            ...{ closingCents: 50_00, status: 'open', countedCents: null, differenceCents: null },
          },
        ],
      },
      {
        ...{ paymentMode: 'cash', currency: 'EUR', openingCents: 200_00, receivedCents: 98_00, expensesCents: 12_50 },
        ...{ closingCents: 285_50, differenceCents: -50 },
        days: [
          {
            ...{ businessDay: '2026-01-05', openingCents: 200_00, receivedCents: 98_00, expensesCents: 12_50 },
            ...{ closingCents: 285_50, status: 'closed', countedCents: 85_00, differenceCents: -50 },
          },
        ],
      },
    ]);
    const tooLong = `/v1/finance/audit-balances?propertyId=${property.id}&from=2025-01-01&to=2026-12-31`;
    expect((await owner.get(tooLong)).expect(422).problem.code).toBe('range-too-long');

    const [january, april] = [
      { totalReceivedCents: 98_00, totalExpensesCents: 12_50, netCents: 85_50, transactionCount: 2 },
      { totalReceivedCents: 50_00, totalExpensesCents: 0, netCents: 50_00, transactionCount: 1 },
    ];
    const year = { propertyId: property.id, year: 2026, currency: 'EUR' };
    expect(await ask('/v1/reports/yearly-report?year=2026&')).toEqual({
      ...year,
      ...{ totalReceivedCents: 148_00, totalExpensesCents: 12_50, netCents: 135_50, transactionCount: 3 },
      quarters: [
        { quarter: 1, ...january },
        { quarter: 2, ...april },
      ],
      months: [
        { month: 1, ...january },
        { month: 4, ...april },
      ],
    });
    expect(await ask('/v1/reports/quarterly-report?year=2026&quarter=1&')).toEqual({
      ...year,
      ...{ quarter: 1, ...january },
      months: [{ month: 1, ...january }],
    });
  });

  it('take files whole or not at all, and each row once', async () => {
    const path = `/v1/finance/imports?kind=expense&propertyId=${property.id}`;
    const send = (raw: string | Buffer, more = '', headers = newKey()) =>
      manager.send('POST', path + more, { raw, headers: { 'content-type': 'text/csv', ...headers } });
    await close('2026-03-09');
    const header = 'date,amount,description,category,paymentMode,externalReference';
    const bad = `${header}\n2026-03-10,12.50,=1+1,,cash,a\n2026-03-09,1,x,,,\n2026-03-10,1.005,x,,,\n2026-03-10,2,x,,,a\n`;
    const key = newKey();
    const tried = (await send(bad, '&dryRun=true', key)).as<{ errors: object[] }>(200);
    // A key that a trial was made with does not pass for an import.
    expect((await send(bad, '', key)).expect(409).problem.code).toBe('idempotency-key-reused');
    expect(tried).toMatchObject({ isDryRun: true, import: null, rowCount: 4, recordableCount: 1, errorCount: 3 });
    expect(tried.errors).toMatchObject([
      { line: 3, column: 'occurredAt', reason: expect.stringContaining('is closed') },
      { line: 4, column: 'amount' },
      { line: 5, column: 'externalReference', reason: 'is the reference of line 2' },
    ]);
    expect((await send(bad)).expect(422).json()).toMatchObject({ code: 'import-invalid', errorCount: 3 });
    const none = await manager.get(`/v1/finance/expenses?propertyId=${property.id}`);
    expect(none.as<{ data: object[] }>(200).data).toEqual([]);

    const rows = Array.from({ length: 1_200 }, (_, index) => `2026-03-10,${index + 1}.25,Row ${index},,cash,`);
    const file = Buffer.from(`\ufeff${[header, ...rows, '2026-03-11,1,=1+1,Rooms,,own'].join('\r\n')}`);
    const made = await send(file);
    const whole = { rowCount: 1_201, recordedCount: 1_201, knownCount: 0, importedBy: manager.userId };
    const { id } = made.as<{ import: { id: string } }>(200).import;
    expect(made.json()).toMatchObject({ import: whole, recordableCount: 1_201, errorCount: 0, errors: [] });
    const summary = await owner.getAfter(made.position, `/v1/finance/summary?propertyId=${property.id}`);
    expect(summary.as<{ totals: object[] }>(200).totals).toMatchObject([
      { pendingCount: 1_201, pendingExpensesCents: (1_200 * 1_201 * 100) / 2 + 1_200 * 25 + 100 },
    ]);
    const formula = await owner.get(`/v1/finance/expenses?propertyId=${property.id}&category=Rooms`);
    expect(formula.as<{ data: object[] }>(200).data).toMatchObject([{ description: '=1+1', amountCents: 100 }]);
    const again = await send(file);
    expect(again.json()).toMatchObject({ import: { recordedCount: 0, knownCount: 1_201 }, recordableCount: 0 });
    expect((await manager.get(`/v1/finance/imports/${id}`)).as(200)).toMatchObject(whole);
    expect((await manager.get('/v1/finance/imports')).as<{ data: object[] }>(200).data).toMatchObject([{}, { id }]);

    const [wrongEncoding, otherRoute, noKey] = await Promise.all([
      send(Buffer.from([...Buffer.from(header), 10, 0xe9, 44])),
      manager.send('POST', '/v1/finance/expenses', { raw: 'a', headers: { 'content-type': 'text/csv', ...newKey() } }),
      manager.send('POST', path, { raw: header, headers: { 'content-type': 'text/csv' } }),
    ]);
    expect([wrongEncoding, otherRoute, noKey].map(({ problem }) => problem.code)).toEqual([
      ...['invalid-utf8', 'unsupported-media-type', 'idempotency-key-required'],
    ]);
  });
});
