import { randomBytes } from 'node:crypto';
import {
  type Role,
  OrganizationCreated,
  PropertyCreated,
  TransactionApproved,
  TransactionRecorded,
  TransactionRejected,
  UserAdded,
  subjects,
} from '@innkeep/contracts';
import { type MasterKeys, sealField, subjectName } from '@innkeep/platform/privacy';
import { hashEmail } from '@innkeep/platform/security';
import { Choices } from '../choices';
import { firstNames, lastNames } from '../names';
import { type BucketHead, MadeUpLog } from './made-up-log';
import { type MadeUpProperty, type Snapshot, madeUpTransactions } from './made-up-transactions';
import type { ShareRows } from './share-rows';
import { type FirstIds, PROPERTIES, type Planned, USERS } from './size';

const KEY_BYTES = 32;
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
  /** Up to when there are transactions, in milliseconds of the epoch. */
  readonly now: number;
}

/** The address that a user of a seeded organization signs in with; organizations count from 1. */
export const emailOf = (seed: number, organization: number, user: string): string =>
  `${user}@organization-${organization}.seed-${seed}.example`;

/** Writes the rows of one organization: its people, its houses, and what it has recorded in a year. */
export class MadeUpOrganization {
  private readonly choices: Choices;
  private readonly tenant: readonly [number, number];
  private readonly userIds: readonly number[];
  private readonly properties: readonly MadeUpProperty[];
  private readonly log: MadeUpLog;

  constructor(
    private readonly planned: Planned,
    private readonly common: Common,
    head: BucketHead,
    private readonly rows: ShareRows,
  ) {
    const { index, bucket, organizationId } = planned;
    // Far enough from each other that the sequences of two organizations do not overlap in what anybody looks at.
    this.choices = new Choices(Math.imul(common.seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
    this.tenant = [bucket, organizationId];
    this.log = new MadeUpLog(organizationId, head, rows);
    this.userIds = Array.from({ length: USERS }, (_, n) => common.first.user + index * USERS + n);
    const [timeZone, currency] = this.pick(places);
    this.properties = Array.from({ length: PROPERTIES }, (_, n) => ({
      id: common.first.property + index * PROPERTIES + n,
      ...{ timeZone, currency },
    }));
  }

  write(): void {
    const { rows, tenant, planned, log, properties, choices } = this;
    const [bucket, organizationId] = tenant;
    const [owner, manager, staff] = this.userIds as [number, number, number];
    rows.organizationRoutes.add(organizationId, bucket);
    this.log.record({
      type: OrganizationCreated,
      data: { organizationId },
      entityType: 'organization',
      entityId: organizationId,
      actorId: owner,
    });
    rows.organizations.add(...tenant, `${this.pick(words)} ${this.pick(houses)} Group`, log.version);
    for (const n of this.properties.keys()) this.addProperty(n, owner);
    for (const n of this.userIds.keys()) this.addUser(n, owner);
    for (const transaction of madeUpTransactions(planned.transactions, properties, this.common.now, choices))
      this.addTransaction(transaction, staff, manager);
    rows.heads.add(...tenant, log.version, log.head.position);
  }

  private pick<Choice>(from: readonly Choice[]): Choice {
    return from[this.choices.between(0, from.length - 1)]!;
  }

  private addProperty(n: number, actorId: number): void {
    const { id: propertyId, timeZone, currency } = this.properties[n]!;
    const name = `${this.pick(words)} ${this.pick(houses)} ${n + 1}`;
    const businessDayStartsAt = '00:00';
    const data = { propertyId, name, timeZone, currency, businessDayStartsAt };
    const version = this.log.record({
      type: PropertyCreated,
      data,
      entityType: 'property',
      entityId: propertyId,
      propertyId,
      actorId,
    });
    this.rows.propertyRoutes.add(propertyId, this.tenant[1]);
    this.rows.properties.add(...this.tenant, propertyId, name, timeZone, currency, businessDayStartsAt, version);
  }

  private addUser(n: number, actorId: number): void {
    const { rows, tenant, common, planned } = this;
    const [userId, role] = [this.userIds[n]!, roles[n]!];
    const name = `${this.pick(firstNames)} ${this.pick(lastNames)}`;
    const email = emailOf(common.seed, planned.index + 1, n < 3 ? role : `${role}-${n}`);
    const propertyIds = role === 'staff' ? this.properties.slice(n - 2, n + 1).map(({ id }) => id) : null;
    const sealed = this.seal(userId, name);
    const data = { userId, name: sealed, role, propertyIds };
    const version = this.log.record({ type: UserAdded, data, entityType: 'user', entityId: userId, actorId });
    rows.signIns.add(hashEmail(email), tenant[1], userId, true);
    const hasAll = propertyIds === null;
    rows.users.add(...tenant, userId, email, name, role, 'active', hasAll, 1, common.passwordHash, version);
    for (const propertyId of propertyIds ?? []) rows.assignments.add(...tenant, userId, propertyId);
  }

  /** A name as events hold it, with a key of the user's own. */
  private seal(userId: number, name: string): object {
    const { rows, tenant, common } = this;
    const owner = { organizationId: tenant[1], subject: subjectName(subjects.user(userId)) };
    const key = randomBytes(KEY_BYTES);
    const { wrapped, masterKey } = common.masterKeys.wrap(owner, key);
    rows.subjectKeys.add(...tenant, owner.subject, wrapped, masterKey);
    return sealField(key, { ...owner, type: UserAdded.type, field: 'name' }, name);
  }

  private addTransaction(decided: Snapshot, recordedBy: number, decidedBy: number): void {
    const { transactionId: entityId, propertyId, status } = decided;
    const about = { entityType: 'transaction', entityId, propertyId };
    const pending = status === 'pending' ? decided : { ...decided, status: 'pending' };
    const recorded = this.log.record({ type: TransactionRecorded, data: pending, ...about, actorId: recordedBy });
    if (status === 'approved')
      this.log.record({ type: TransactionApproved, data: decided, ...about, actorId: decidedBy });
    const reason = status === 'rejected' ? 'Not ours' : null;
    if (reason !== null)
      this.log.record({ type: TransactionRejected, data: { ...decided, reason }, ...about, actorId: decidedBy });
    const { kind, amountCents, currency, description, category, paymentMode, occurredAt, businessDay } = decided;
    const { recordedAt } = this.log.head;
    const isDecided = status !== 'pending';
    this.rows.transactions.add(
      ...[...this.tenant, entityId, kind, propertyId, amountCents, currency, description, category, paymentMode],
      ...[occurredAt, businessDay, status, null, recordedBy, isDecided ? decidedBy : null],
      ...[isDecided ? recordedAt : null, reason, this.log.version, recorded, recordedAt],
    );
  }
}
