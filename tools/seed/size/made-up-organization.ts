import {
  type NewEvent,
  type Principal,
  type PropertyFacts,
  type Role,
  OrganizationCreated,
  PropertyCreated,
  UserAdded,
} from '@innkeep/contracts';
import type { MasterKeys } from '@innkeep/platform/privacy';
import { hashEmail } from '@innkeep/platform/security';
import { Choices } from '../choices';
import { firstNames, lastNames } from '../names';
import { amountsFor } from './amounts';
import { MadeUpKeys } from './made-up-keys';
import { writeLeave } from './made-up-leave';
import { type BucketHead, MadeUpLog } from './made-up-log';
import { writeShifts } from './made-up-shifts';
import { writeStays } from './made-up-stays';
import { writeTasks } from './made-up-tasks';
import { writeTransactions } from './made-up-transactions';
import { writeUnits } from './made-up-units';
import type { Making } from './making';
import type { ShareRows } from './share-rows';
import { type FirstIds, PROPERTIES, type Planned, USERS } from './size';

const places = [
  ['Europe/Lisbon', 'EUR'],
  ['Europe/Berlin', 'EUR'],
  ['Europe/London', 'GBP'],
  ['America/New_York', 'USD'],
  ['Asia/Kolkata', 'INR'],
] as const;
const words = ['River', 'Garden', 'Harbour', 'Hill', 'Lake', 'Market', 'Mill', 'Orchard', 'Station', 'Tower'];
const houses = ['House', 'Hotel', 'Inn', 'Lodge', 'Rooms'];
const roles: readonly Role[] = ['owner', 'manager', 'staff', 'staff', 'auditor'];

/** What all organizations of a seeding have in common. */
export interface Common {
  readonly seed: number;
  readonly first: FirstIds;
  readonly passwordHash: string;
  readonly masterKeys: MasterKeys;
  /** Up to when things have happened, in milliseconds of the epoch. */
  readonly now: number;
}

/** The address that a user of a seeded organization signs in with; organizations count from 1. */
export const emailOf = (seed: number, organization: number, user: string): string =>
  `${user}@organization-${organization}.seed-${seed}.example`;

/** Writes the rows of one organization: its people, its houses, and what went on there in a year. */
export class MadeUpOrganization {
  private readonly making: Making;
  private readonly people: readonly Principal[];

  constructor(
    private readonly planned: Planned,
    private readonly common: Common,
    head: BucketHead,
    private readonly rows: ShareRows,
  ) {
    const { index, bucket, organizationId, transactions } = planned;
    const tenant = [bucket, organizationId] as const;
    // Two of very many may go through the same numbers: what has to be unique is not left to them alone.
    const choices = new Choices(Math.imul(common.seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
    const properties = housesOf(choices, common.first.property + index * PROPERTIES);
    this.people = Array.from({ length: USERS }, (_, n) => ({
      organizationId,
      userId: common.first.user + index * USERS + n,
      role: roles[n]!,
      properties: roles[n] === 'staff' ? properties.slice(n - 2, n + 1).map(({ id }) => id) : 'all',
      permissionEpoch: 1,
    }));
    const [owner, manager, ...others] = this.people as [Principal, Principal, ...Principal[]];
    this.making = {
      ...{ tenant, transactions, properties, choices, rows, now: common.now },
      amounts: amountsFor(transactions),
      team: { owner, manager, staff: others.filter(({ role }) => role === 'staff') },
      log: new MadeUpLog(organizationId, head, new MadeUpKeys(tenant, common.masterKeys, rows), rows),
    };
  }

  write(): void {
    const { rows, making } = this;
    const { tenant, log, properties, choices } = making;
    const [bucket, organizationId] = tenant;
    rows.organizationRoutes.add(organizationId, bucket);
    this.record('organization', OrganizationCreated({ organizationId }, { entityId: organizationId }));
    rows.organizations.add(...tenant, `${pick(choices, words)} ${pick(choices, houses)} Group`, log.version);
    for (const property of properties) this.addProperty(property);
    for (const n of this.people.keys()) this.addUser(n);
    writeTransactions(making);
    writeStays(making, writeUnits(making));
    writeShifts(making);
    writeLeave(making);
    writeTasks(making);
    rows.heads.add(...tenant, log.version, log.head.position);
  }

  /** What the owner does to begin with. */
  private record(entityType: string, event: NewEvent): number {
    return this.making.log.record(entityType, event, this.making.team.owner.userId);
  }

  private addProperty({ id: propertyId, ...property }: PropertyFacts): void {
    const { tenant, rows } = this.making;
    const event = PropertyCreated({ propertyId, ...property }, { propertyId, entityId: propertyId });
    const version = this.record('property', event);
    const { name, timeZone, currency, businessDayStartsAt } = property;
    rows.propertyRoutes.add(propertyId, tenant[1]);
    rows.properties.add(...tenant, propertyId, name, timeZone, currency, businessDayStartsAt, version);
  }

  private addUser(n: number): void {
    const { common, planned } = this;
    const { tenant, rows, choices } = this.making;
    const { userId, properties } = this.people[n]!;
    const role = roles[n]!;
    const name = `${pick(choices, firstNames)} ${pick(choices, lastNames)}`;
    const email = emailOf(common.seed, planned.index + 1, n < 3 ? role : `${role}-${n}`);
    const propertyIds = properties === 'all' ? null : [...properties];
    const version = this.record('user', UserAdded({ userId, name, role, propertyIds }, { entityId: userId }));
    rows.signIns.add(hashEmail(email), tenant[1], userId, true);
    const hasAll = propertyIds === null;
    rows.users.add(...tenant, userId, email, name, role, 'active', hasAll, 1, common.passwordHash, version);
    for (const propertyId of propertyIds ?? []) rows.assignments.add(...tenant, userId, propertyId);
  }
}

const pick = <Choice>(choices: Choices, from: readonly Choice[]): Choice => from[choices.between(0, from.length - 1)]!;

/** The properties of an organization, all in one place. */
function housesOf(choices: Choices, firstId: number): PropertyFacts[] {
  const [timeZone, currency] = pick(choices, places);
  return Array.from({ length: PROPERTIES }, (_, n) => ({
    id: firstId + n,
    name: `${pick(choices, words)} ${pick(choices, houses)} ${n + 1}`,
    ...{ timeZone, currency, businessDayStartsAt: '00:00' },
  }));
}
