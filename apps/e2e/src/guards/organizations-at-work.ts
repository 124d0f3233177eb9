import 'reflect-metadata';
import { commandHandlers, features } from '@innkeep/assembly';
import type { Committed } from '@innkeep/platform/database';
import { ownerOf, randomnessFor } from '@innkeep/testing';
import type { Type } from '@nestjs/common';
import type { CommandBus, ICommand } from '@nestjs/cqrs';

/** The command classes by their names: features show their handlers, and these know what they handle. */
const commands = Object.fromEntries(
  commandHandlers(features).map((handler) => {
    const command = Reflect.getMetadata('__commandHandler__', handler) as Type<ICommand>;
    return [command.name, command];
  }),
);

interface Booked {
  readonly id: string;
  readonly kind: 'expense' | 'revenue';
}

/** From this amount on two approve, in minor units. */
const LARGE = 70_000;

/** Two organizations at work, one command after the other, some of which are refused. */
export class Work {
  private readonly random = randomnessFor('replay');
  private readonly owners: { organizationId: number; userId: number; properties: number[]; booked: Booked[] }[] = [];

  private readonly colleagues: number[] = [];

  constructor(private readonly bus: CommandBus) {}

  private send<Result>(name: string, ...values: unknown[]): Promise<Committed<Result>> {
    return this.bus.execute(new commands[name]!(...values));
  }

  async begin(): Promise<void> {
    for (const name of ['ana', 'rui']) {
      const input = { organizationName: name, name, email: `${name}@replay.example`, password: 'a river runs by it' };
      const { result } = await this.send<{ principal: { organizationId: number; userId: number } }>(
        'SignUp',
        'request',
        input,
      );
      const { organizationId, userId } = result!.principal;
      this.owners.push({ organizationId, userId, properties: [], booked: [] });
    }
    for (const owner of this.owners) for (let n = 0; n < 2; n++) await this.addProperty(owner, n);
    for (const owner of this.owners) await this.layDownRules(owner);
    for (const owner of this.owners) this.colleagues.push(await this.addColleague(owner, owner.organizationId));
  }

  /** Something is taxed, and what is large is approved by two. */
  private async layDownRules(owner: (typeof this.owners)[number]): Promise<void> {
    const everywhere = { propertyId: null, kind: null };
    const tax = { ...everywhere, name: 'VAT', category: null, rateBasisPoints: 2300, isInclusive: false };
    await this.send('AddTax', this.context(owner), { ...tax, effectiveFrom: '2026-02-01' });
    const chain = { roles: ['owner', 'owner'], forbidsOwn: false, timeout: null };
    for (const currency of ['EUR', 'JPY']) {
      const rule = { ...everywhere, currency, fromCents: LARGE, toCents: null, ...chain };
      await this.send('AddApprovalRule', this.context(owner), rule);
    }
  }

  private context = ({ organizationId, userId }: { organizationId: number; userId: number }) => ({
    principal: ownerOf(organizationId, userId),
    requestId: 'request',
  });

  private async addProperty(owner: (typeof this.owners)[number], n: number): Promise<void> {
    const input = {
      name: `Casa ${n}`,
      timeZone: this.random.pick(['Europe/Lisbon', 'Asia/Tokyo']),
      currency: this.random.pick(['EUR', 'JPY']),
      businessDayStartsAt: '06:00',
    };
    const { result } = await this.send<{ id: number }>('CreateProperty', this.context(owner), input);
    owner.properties.push(result!.id);
  }

  private async addColleague(owner: { organizationId: number; userId: number }, n: number): Promise<number> {
    const invitation = { email: `colleague-${n}@replay.example`, role: 'staff', propertyIds: null };
    const { result } = await this.send<{ token: string }>('InviteUser', this.context(owner), invitation);
    const accepted = { name: `Colleague ${n}`, password: 'a boat is moored here' };
    const joined = await this.send<{ principal: { userId: number } }>(
      'AcceptInvitation',
      'request',
      result!.token,
      accepted,
    );
    return joined.result!.principal.userId;
  }

  private input(owner: (typeof this.owners)[number], n: number, upToCents = 100_000) {
    return {
      propertyId: this.random.pick(owner.properties),
      amountCents: 1 + this.random.integer(upToCents),
      description: `booking ${n}`,
      occurredAt: new Date(
        Date.UTC(2026, this.random.integer(3), 1 + this.random.integer(5), this.random.integer(24)),
      ).toISOString(),
    };
  }

  /** One command of any kind. What the state does not allow is refused, as in life. */
  async step(n: number): Promise<void> {
    const owner = this.random.pick(this.owners);
    const context = this.context(owner);
    const known = owner.booked.length > 0 ? this.random.pick(owner.booked) : undefined;
    const kind = this.random.pick(['expense', 'revenue'] as const);
    const decision = { decision: this.random.pick(['approved', 'approved', 'rejected'] as const) };
    const other = [
      () => this.send('DecideApproval', context, known!.kind, known!.id, decision),
      () => this.send('DecideApproval', context, known!.kind, known!.id, { decision: 'approved' }),
      () =>
        this.send(
          'DecideApprovalsInBulk',
          context,
          owner.booked.slice(-5).map(({ id }) => id),
          decision,
        ),
      () => this.send('ReverseTransaction', context, known!.kind, known!.id, { reason: 'entered twice' }),
      () => this.send('ChangeTransaction', context, known!.kind, known!.id, { amountCents: 7, description: 'changed' }),
      () => this.send('DeleteTransaction', context, known!.kind, known!.id),
      () => this.send('UpdateProperty', context, this.random.pick(owner.properties), { name: `Casa ${n}` }),
    ];
    const choice = known ? this.random.integer(14) : 99;
    try {
      if (choice < other.length) await other[choice]!();
      else if (choice === 7) await this.recordInBulk(owner, kind, n);
      else owner.booked.push({ id: await this.record(owner, kind, n), kind });
    } catch (error) {
      if (![404, 409].includes((error as { problem?: { status: number } }).problem?.status ?? 0)) throw error;
    }
  }

  /** Something of every kind at the end, whatever chance has chosen before. */
  async finish(): Promise<void> {
    const [owner] = this.owners;
    const context = this.context(owner!);
    // Small enough that one approval is all they need.
    const approved = await this.record(owner!, 'revenue', 0, LARGE - 1);
    const changed = await this.record(owner!, 'expense', 0, LARGE - 1);
    await this.send('DecideApproval', context, 'revenue', approved, { decision: 'approved' });
    await this.send('ReverseTransaction', context, 'revenue', approved, {});
    await this.send('ChangeTransaction', context, 'expense', changed, { amountCents: 3 });
    await this.send('DecideApproval', context, 'expense', changed, { decision: 'rejected' });
    const large = { ...this.input(owner!, 0), amountCents: LARGE };
    const { result } = await this.send<Booked>('RecordTransaction', context, 'expense', large);
    await this.send('DecideApproval', context, 'expense', result!.id, { decision: 'approved' });
    const rows = [{ line: 1, cells: { date: '2026-02-03', amountCents: '300', description: 'of a file' } }];
    const file = { kind: 'expense', propertyId: owner!.properties[0], isDryRun: false, rows, errors: [] };
    await this.send('ImportTransactions', context, { ...file, sha256: '0'.repeat(64) });
    await this.send('DeleteTransaction', context, 'expense', await this.record(owner!, 'expense'));
    const task = { propertyId: owner!.properties[0], title: 'Get room 12 ready', priority: 'normal', checklist: [] };
    await this.send('CreateTask', context, task);
    await this.send('UpdateProperty', context, owner!.properties[0], { name: 'Casa Velha' });
    await this.workAndRest(context, owner!.properties[0]!);
    await this.receiveGuests(owner!);
    // The read models have known this one by name; a replay will never hear it.
    await this.send('EraseUser', context, this.colleagues[0]);
  }

  private async workAndRest(context: object, propertyId: number): Promise<void> {
    await this.send('CheckIn', context, { propertyId, location: { latitude: 1, longitude: 2, accuracyMetres: 3 } });
    const { result: shift } = await this.send<{ id: string }>('CheckOut', context, {});
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    const times = { shiftId: shift!.id, startedAt: hoursAgo(9), endedAt: hoursAgo(1), reason: 'It was so' };
    const { result: correction } = await this.send<{ id: string }>('RequestCorrection', context, times);
    await this.send('DecideCorrection', context, correction!.id, { decision: 'approved' });
    const holiday = { name: 'Holiday', isPaid: true, daysPerYear: 22, accrual: 'yearly', carryOverDays: 0 };
    const { result: type } = await this.send<{ id: string }>('DefineLeaveType', context, holiday);
    const span = { from: '2026-07-06', to: '2026-07-10', startsAtNoon: true, endsAtNoon: false };
    const wish = { propertyId, leaveTypeId: type!.id, ...span };
    const { result: leave } = await this.send<{ id: string }>('RequestLeave', context, wish);
    await this.send('DecideLeave', context, leave!.id, { decision: 'approved' });
  }

  /** Parties that come, change and leave, and one whose name the log forgets. */
  private async receiveGuests(owner: (typeof this.owners)[number]): Promise<void> {
    const context = this.context(owner);
    const [propertyId] = owner.properties;
    const room = { name: '12', unitType: 'double', capacity: 2, inServiceFrom: '2026-01-01', outOfOrder: [] };
    const unit = (await this.send<{ id: string }>('AddUnit', context, propertyId, room)).result!.id;
    const closed = { from: '2026-04-01', to: '2026-04-03', reason: null };
    await this.send('ChangeUnit', context, propertyId, unit, { outOfOrder: [closed] });
    const party = { guestName: 'Inês Carvalho', adults: 2, children: 0, unitIds: [], departsOn: '2026-03-12' };
    const expected = { ...party, propertyId, isExpected: true };
    const arrival = async (arrivesOn: string) =>
      (await this.send<Booked>('CheckInGuest', context, { ...expected, arrivesOn })).result!.id;
    const stays = [await arrival('2026-03-10'), await arrival('2026-03-11'), await arrival('2026-03-12')];
    await this.send('Arrive', context, stays[0], { checkedInAt: '2026-03-10T12:00:00Z', unitIds: [unit] });
    await this.send('ChangeStay', context, stays[0], { ...party, unitIds: [unit], departsOn: '2026-03-13' });
    const paper = await this.keepPaper(context, `guest:${stays[0]}`);
    await this.send('CheckOutGuest', context, stays[0], '2026-03-12T12:00:00Z');
    await this.send('RemoveGuestDocument', context, paper, new Date('2026-07-01T00:00:00Z'));
    await this.send('CancelStay', context, stays[1], undefined);
    await this.send('EraseGuest', context, stays[2]);
  }

  private async keepPaper(context: object, subject: string): Promise<string> {
    const paper = { kind: 'guest-id', subject, name: 'Passport.pdf', mediaType: 'application/pdf', bytes: 1 };
    const announced = { ...paper, sha256: '0'.repeat(64) };
    const { id } = (await this.send<{ document: Booked }>('StartUpload', context, announced)).result!.document;
    await this.send('CompleteUpload', context, id, { file: 'guest-documents/paper', refusal: null });
    const link = { purpose: 'identity-check', disposition: 'inline', variant: 'original' };
    await this.send('IssueDocumentLink', context, id, link);
    return id;
  }

  private async record(
    owner: (typeof this.owners)[number],
    kind: Booked['kind'],
    n = 0,
    upToCents?: number,
  ): Promise<string> {
    const input = this.input(owner, n, upToCents);
    const { result } = await this.send<Booked>('RecordTransaction', this.context(owner), kind, input);
    return result!.id;
  }

  private async recordInBulk(owner: (typeof this.owners)[number], kind: Booked['kind'], n: number): Promise<void> {
    const items = [this.input(owner, n), { propertyId: 'none' }, this.input(owner, n)];
    const { result } = await this.send<{ results: { status: string; transaction?: { id: string } }[] }>(
      'RecordTransactionsInBulk',
      this.context(owner),
      kind,
      items,
    );
    for (const { transaction } of result!.results) if (transaction) owner.booked.push({ id: transaction.id, kind });
  }
}
