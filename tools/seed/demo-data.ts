/** What a newcomer finds: one small organization with two properties and some weeks of activity. The logins are for the laptop. */
export const demoOrganization = {
  name: 'Rio Stays',
  owner: { name: 'Olivia Owner', email: 'owner@demo.innkeep.example', password: 'demo-owner-password' },
  manager: {
    name: 'Marco Manager',
    email: 'manager@demo.innkeep.example',
    password: 'demo-manager-password',
    role: 'manager',
  },
  properties: [
    { name: 'Casa do Rio', timeZone: 'Europe/Lisbon', currency: 'EUR' },
    { name: 'Goa Beach House', timeZone: 'Asia/Kolkata', currency: 'INR', businessDayStartsAt: '06:00' },
  ],
} as const;

const DAYS = 30;
const revenues = [
  ['Room night', 'accommodation', 9_800],
  ['Breakfast', 'food', 1_450],
  ['Late checkout', 'accommodation', 2_500],
] as const;
const expenses = [
  ['Laundry', 'housekeeping', 3_200],
  ['Fresh flowers', 'decoration', 1_800],
] as const;

/** A month of transactions up to now, the same on every run but for the dates. */
export function demoTransactions(kind: 'revenues' | 'expenses', propertyId: number, now: Date) {
  const templates = kind === 'revenues' ? revenues : expenses;
  return Array.from({ length: DAYS }, (_, daysAgo) => daysAgo)
    .reverse()
    .flatMap((daysAgo) =>
      templates.map(([description, category, cents], index) => ({
        propertyId,
        amountCents: cents + ((daysAgo * 7 + index * 3) % 11) * 100,
        description,
        category,
        paymentMode: index % 2 === 0 ? 'card' : 'cash',
        occurredAt: new Date(now.getTime() - daysAgo * 86_400_000 - (index + 1) * 60_000).toISOString(),
        externalReference: `demo-${kind}-${DAYS - daysAgo}-${index}`,
      })),
    );
}
