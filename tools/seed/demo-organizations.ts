/** A kind of unit that a property has. */
export interface DemoUnits {
  readonly type: string;
  readonly count: number;
  readonly capacity: number;
  /** For a night in an ordinary season, in minor units of the property's currency. */
  readonly rateCents: number;
}

export interface DemoProperty {
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly businessDayStartsAt?: string;
  /** Hour of the universal day at which people begin to work there. */
  readonly morningHour: number;
  readonly units: readonly DemoUnits[];
  /** How full it is in each month from January on, from 0 to 1. */
  readonly seasons: readonly number[];
  /** Where guests come from, and how often. */
  readonly guests: readonly (readonly [country: string, weight: number])[];
  /** What one unit of money of its costs is, beside one of a house in euros. */
  readonly costFactor: number;
}

export interface DemoPerson {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: 'owner' | 'manager' | 'staff' | 'auditor';
}

export interface DemoOrganization {
  readonly name: string;
  readonly people: readonly [DemoPerson, ...DemoPerson[]];
  readonly properties: readonly DemoProperty[];
}

const person = (name: string, role: DemoPerson['role'], at = 'demo'): DemoPerson => ({
  ...{ name, role, email: `${role}@${at}.innkeep.example`, password: `demo-${role}-password` },
});

const summers = [0.3, 0.32, 0.42, 0.58, 0.68, 0.82, 0.92, 0.95, 0.78, 0.6, 0.38, 0.42];
const winters = [0.93, 0.95, 0.84, 0.4, 0.3, 0.5, 0.72, 0.75, 0.5, 0.35, 0.3, 0.86];
const dryMonths = [0.92, 0.88, 0.76, 0.55, 0.4, 0.25, 0.2, 0.24, 0.35, 0.58, 0.8, 0.95];
const steady = [0.52, 0.55, 0.6, 0.66, 0.72, 0.78, 0.8, 0.8, 0.75, 0.74, 0.62, 0.66];

/** What a newcomer finds: three organizations of different sizes, in four currencies and zones. The logins are for the laptop. */
export const demoOrganizations: readonly DemoOrganization[] = [
  {
    name: 'Rio Stays',
    people: [person('Olivia Owner', 'owner'), person('Marco Manager', 'manager'), person('Sara Staff', 'staff')],
    properties: [
      {
        ...{
          name: 'Casa do Rio',
          morningHour: 7,
          timeZone: 'Europe/Lisbon',
          currency: 'EUR',
          seasons: summers,
          costFactor: 1,
        },
        units: [
          { type: 'double', count: 4, capacity: 2, rateCents: 98_00 },
          { type: 'suite', count: 2, capacity: 4, rateCents: 164_00 },
        ],
        guests: [
          ...[['PRT', 30] as const, ['GBR', 22] as const, ['DEU', 15] as const],
          ['FRA', 14],
          ['ESP', 12],
          ['USA', 7],
        ],
      },
      {
        ...{
          name: 'Goa Beach House',
          morningHour: 3,
          timeZone: 'Asia/Kolkata',
          currency: 'INR',
          businessDayStartsAt: '06:00',
        },
        ...{ seasons: dryMonths, costFactor: 60 },
        units: [{ type: 'cottage', count: 4, capacity: 3, rateCents: 6_400_00 }],
        guests: [
          ['IND', 62],
          ['GBR', 14],
          ['RUS', 8],
          ['DEU', 8],
          ['ISR', 8],
        ],
      },
    ],
  },
  {
    name: 'Alpenblick Hotels',
    people: [person('Anna Alber', 'owner', 'alpenblick'), person('Max Moser', 'manager', 'alpenblick')],
    properties: [
      {
        ...{
          name: 'Hotel Alpenblick',
          morningHour: 6,
          timeZone: 'Europe/Vienna',
          currency: 'EUR',
          seasons: winters,
          costFactor: 1.2,
        },
        units: [
          { type: 'single', count: 6, capacity: 1, rateCents: 89_00 },
          { type: 'double', count: 14, capacity: 2, rateCents: 138_00 },
          { type: 'family', count: 4, capacity: 5, rateCents: 212_00 },
        ],
        guests: [
          ['AUT', 28],
          ['DEU', 40],
          ['NLD', 12],
          ['CHE', 8],
          ['CZE', 7],
          ['ITA', 5],
        ],
      },
    ],
  },
  {
    name: 'Harbour Rooms',
    people: [person('Hannah Hall', 'owner', 'harbour')],
    properties: [
      {
        ...{
          name: 'Harbour Rooms',
          morningHour: 12,
          timeZone: 'America/New_York',
          currency: 'USD',
          seasons: steady,
          costFactor: 1.1,
        },
        units: [{ type: 'room', count: 3, capacity: 2, rateCents: 129_00 }],
        guests: [
          ['USA', 80],
          ['CAN', 12],
          ['GBR', 8],
        ],
      },
    ],
  },
];
