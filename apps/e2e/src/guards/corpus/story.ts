import { features } from '@innkeep/assembly';
import { AssetPublished, ReportExportProgressed } from '@innkeep/contracts';
import { findRecipient } from '@innkeep/features/identity';
import { type CommandContext, type UnitOfWork, sql } from '@innkeep/platform/database';
import { ownerOf } from '@innkeep/testing';
import type { CommandBus } from '@nestjs/cqrs';
import { Secret, TOTP } from 'otpauth';
import { Commands } from '../../system/commands';

interface SignedIn {
  readonly principal: { readonly organizationId: number; readonly userId: number; readonly sessionId?: string };
}

/** Two organizations in which everything happens that can be recorded. Told anew, it makes a log of today's event types. */
export class Story {
  private readonly commands: Commands;

  constructor(
    bus: CommandBus,
    private readonly unitOfWork: UnitOfWork,
  ) {
    this.commands = new Commands(bus);
  }

  async tell(): Promise<void> {
    await this.tellOf('Ana Duarte', 'Casas do Rio', 'Europe/Lisbon', 'EUR');
    await this.tellOf('Kenji Mori', 'Kawa Stays', 'Asia/Tokyo', 'JPY');
  }

  private send<Result>(name: string, ...values: unknown[]): Promise<Result> {
    return this.commands.send<Result>(name, ...values);
  }

  private async tellOf(name: string, organizationName: string, timeZone: string, currency: string): Promise<void> {
    const address = (who: string) => `${who}@${organizationName.toLowerCase().replaceAll(' ', '-')}.example`;
    const password = 'a river runs by it';
    const signUp = { organizationName, name, email: address('owner'), password };
    const { principal } = await this.send<SignedIn>('SignUp', 'request-1', signUp);
    const context = {
      principal: { ...ownerOf(principal.organizationId, principal.userId), sessionId: principal.sessionId },
      requestId: 'request-2',
    };
    const home = await this.addProperty(context, 'The house', timeZone, currency);
    const annex = await this.addProperty(context, 'The annex', timeZone, currency);
    await this.send('UpdateProperty', context, annex, { name: 'The mill', businessDayStartsAt: '05:00' });
    const rui = await this.invite(context, 'Rui Lopes', address('rui'), 'staff', [home]);
    await this.workAndRest(context, home, rui);
    await this.send('UpdateUser', context, rui, { role: 'auditor', propertyIds: [home, annex] });
    await this.send('UpdateUser', context, rui, { status: 'suspended' });
    const marta = await this.invite(context, 'Marta Reis', address('marta'), 'manager', null);
    await this.keepBooks(context, home, annex);
    await this.keepTasks(context, home, marta);
    await this.keepRules(context, home);
    await this.receiveGuests(context, home);
    await this.send('RequestPurge', context, { kind: 'property', propertyId: home });
    await this.send('EraseUser', context, marta);
    await this.keepAccount(context, password);
    await this.takeAlong(context, home);
    await this.keepFiles(context);
    await this.send('LogOut', context);
    await this.send('CloseOrganization', { ...context, address: '192.0.2.1' }, { password: `${password} still` });
    const open = { status: 'active', reason: 'closed by mistake' };
    await this.send('SetPlan', 1, 'request-6', principal.organizationId, { plan: 'business', reason: 'has grown' });
    await this.send('SetOrganizationStatus', 1, 'request-4', principal.organizationId, open);
  }

  /** Somebody works, forgets to check out, has it corrected, and goes on leave. */
  private async workAndRest(context: CommandContext, home: number, userId: number): Promise<void> {
    const { organizationId } = context.principal;
    const person = { ...ownerOf(organizationId, userId), role: 'staff' as const };
    const own = { principal: person, requestId: 'request-6' };
    const rules = { closesAfterHours: 12, shiftStarts: ['07:00'], graceMinutes: 5, workingWeekdays: [1, 2, 3, 4, 5] };
    const holidays = [{ day: '2026-12-25', name: 'Christmas' }];
    await this.send('SetStaffRules', context, home, { ...rules, holidays, geofence: null });
    const location = { latitude: 38.7, longitude: -9.1, accuracyMetres: 20 };
    await this.send('CheckIn', own, { propertyId: home, location });
    const { id: shiftId } = await this.send<{ id: string }>('CheckOut', own, { location });
    const { id: forgotten } = await this.send<{ id: string }>('CheckIn', own, { propertyId: home });
    await this.send('CloseForgottenShift', context, forgotten, new Date(Date.now() + 13 * 3_600_000));
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    const correct = async (decision: string, times: object, reason?: string) => {
      const { id } = await this.send<{ id: string }>('RequestCorrection', own, { ...times, reason: 'It was so' });
      await this.send('DecideCorrection', context, id, { decision, reason });
    };
    await correct('approved', { shiftId, startedAt: hoursAgo(60), endedAt: hoursAgo(52) });
    await correct('approved', { propertyId: home, startedAt: hoursAgo(40), endedAt: hoursAgo(32) }, 'seen there');
    await correct('rejected', { propertyId: home, startedAt: hoursAgo(20), endedAt: hoursAgo(12) }, 'not seen');
    await this.send('ForgetPlaces', context, userId, new Date().toISOString().slice(0, 7));
    const type = { name: 'Holiday', isPaid: true, daysPerYear: 22, accrual: 'yearly', carryOverDays: 5 };
    const { id: leaveTypeId } = await this.send<{ id: string }>('DefineLeaveType', context, type);
    await this.send('ChangeLeaveType', context, leaveTypeId, { daysPerYear: 23.5 });
    await this.send('GrantLeave', context, { userId, leaveTypeId, year: 2026, days: 2, reason: 'A feast' });
    const ask = async (from: string, to: string): Promise<string> => {
      const span = { from, to, startsAtNoon: false, endsAtNoon: true, reason: 'A wedding' };
      return (await this.send<{ id: string }>('RequestLeave', own, { propertyId: home, leaveTypeId, ...span })).id;
    };
    await this.send('DecideLeave', context, await ask('2026-07-27', '2026-08-05'), { decision: 'approved' });
    const full = { decision: 'rejected', reason: 'full' };
    await this.send('DecideLeave', context, await ask('2026-09-01', '2026-09-02'), full);
    const cancelled = await ask('2026-12-21', '2026-12-24');
    await this.send('DecideLeave', context, cancelled, { decision: 'approved' });
    await this.send('CancelLeave', context, cancelled);
    await this.send('ChangeLeaveType', context, leaveTypeId, { accrual: 'monthly' });
    await this.send('RetireLeaveType', context, leaveTypeId);
  }

  private async addProperty(context: unknown, name: string, timeZone: string, currency: string): Promise<number> {
    const input = { name, timeZone, currency, businessDayStartsAt: '00:00' };
    return (await this.send<{ id: number }>('CreateProperty', context, input)).id;
  }

  private async invite(
    context: unknown,
    name: string,
    email: string,
    role: string,
    propertyIds: number[] | null,
  ): Promise<number> {
    const invitation = { email, name, role, propertyIds };
    const other = { ...invitation, email: `not.${email}` };
    await this.send('WithdrawInvitation', context, (await this.send<{ id: string }>('InviteUser', context, other)).id);
    const { token } = await this.send<{ token: string }>('InviteUser', context, invitation);
    const accepted = { name, password: 'a boat is moored here' };
    const { principal } = await this.send<SignedIn>('AcceptInvitation', 'request-3', token, accepted);
    return principal.userId;
  }

  private async takeAlong(context: CommandContext, propertyId: number): Promise<void> {
    await this.send('RequestExport', context);
    const id = '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11';
    // The worker makes the file; here one is said to be there.
    await this.unitOfWork.run(context, async (transaction) => {
      const { bucket, organizationId } = transaction;
      transaction.write(sql`
        insert into exports.exports (bucket, organization_id, id, status, asked_by, position, bytes, sha256, expires_at)
        values (${bucket}, ${organizationId}, ${id}, 'ready', 1, 1, 1, 'x', now() + interval '1 day')`);
    });
    const link = { url: '/', expiresAt: '2026-04-01T00:00:00.000Z' };
    await this.send('IssueLink', context, id, link);
    const request = { report: 'profit-loss', format: 'csv', propertyId, from: '2026-02-01', to: '2026-02-28' };
    await this.send('RequestReport', context, request);
    const reportId = '0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a12';
    await this.unitOfWork.run(context, async (transaction) => {
      const { bucket, organizationId } = transaction;
      transaction.write(sql`
        insert into exports.exports (bucket, organization_id, id, status, asked_by, position, bytes, sha256, expires_at, report, format,
          property_id, property_name, from_on, to_on, asked_version)
        values (${bucket}, ${organizationId}, ${reportId}, 'ready', ${context.principal.userId}, 1, 1, 'x', now() + interval '1 day',
          'profit-loss', 'csv', ${propertyId}, 'The house', '2026-02-01', '2026-02-28', 1)`);
      const told = { exportId: reportId, propertyId, status: 'ready', percent: 100 } as const;
      transaction.record(ReportExportProgressed(told, { propertyId, entityId: reportId }));
    });
    await this.send('IssueReportLink', context, reportId, link);
  }

  private async keepFiles(context: CommandContext): Promise<void> {
    const input = {
      ...{
        kind: 'logo',
        subject: 'organization',
        name: 'Logo.png',
        mediaType: 'image/png',
        bytes: 1,
        sha256: '0'.repeat(64),
      },
    };
    const start = async () =>
      (await this.send<{ document: { id: string } }>('StartUpload', context, input)).document.id;
    const [logo, lie] = [await start(), await start()];
    await this.send('CompleteUpload', context, logo, { file: 'documents/logo', refusal: null });
    await this.send('CompleteUpload', context, lie, { file: 'documents/lie', refusal: 'sha256' });
    // The worker draws it; here it is said to be drawn.
    const assetHash = '0123456789abcdef0123456789abcdef';
    const about = { documentId: logo, kind: 'logo', subject: 'organization', propertyId: null } as const;
    await this.unitOfWork.run(context, async (transaction) =>
      transaction.record(AssetPublished({ ...about, assetHash }, { entityId: logo })),
    );
    await this.send('IssueDocumentLink', context, logo, {
      purpose: 'view',
      disposition: 'inline',
      variant: 'original',
    });
    await this.send('DeleteDocument', context, logo);
  }

  private async keepAccount(context: CommandContext, password: string): Promise<void> {
    const { userId } = context.principal;
    const caller = { ...context, address: '192.0.2.1' };
    await this.send('VerifyEmail', 'request-5', await this.mailedToken(context, 'email-verification', userId));
    const { secret } = await this.send<{ secret: string }>('EnrolSecondFactor', caller, password);
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    const { recoveryCodes } = await this.send<{ recoveryCodes: string[] }>('ConfirmSecondFactor', caller, code);
    await this.send('RemoveSecondFactor', caller, { password, code: recoveryCodes[0] });
    await this.send('ChangePassword', caller, { currentPassword: password, newPassword: `${password} still` });
    const key = {
      name: 'Channel manager',
      role: 'staff',
      scopes: ['finance:write'],
      propertyIds: null,
      expiresAt: null,
    };
    const { id } = await this.send<{ id: string }>('CreateApiKey', context, key, new Set(['finance']));
    await this.send('RevokeApiKey', context, id);
  }

  private async keepRules(context: unknown, propertyId: number): Promise<void> {
    const linen = await this.send<{ id: string }>('AddCategory', context, { kind: 'expense', name: 'Linen' });
    await this.send('ChangeCategory', context, linen.id, true);
    const tax = {
      ...{ name: 'VAT', propertyId, kind: 'expense', category: null },
      ...{ rateBasisPoints: 2300, isInclusive: false, effectiveFrom: '2026-01-01' },
    };
    const { id: taxId } = await this.send<{ id: string }>('AddTax', context, tax);
    const rule = {
      ...{ propertyId: null, kind: 'expense', currency: 'EUR', fromCents: 100_00, toCents: null },
      ...{ roles: ['owner', 'owner'], forbidsOwn: false, timeout: { hours: 48, action: 'escalate' } },
    };
    const { id: ruleId } = await this.send<{ id: string }>('AddApprovalRule', context, rule);
    const chained = { propertyId, amountCents: 250_00, description: 'a boiler', occurredAt: '2026-02-10T12:00:00Z' };
    const { id } = await this.send<{ id: string }>('RecordTransaction', context, 'expense', chained);
    await this.send('DecideApproval', context, 'expense', id, { decision: 'approved' });
    await this.send('RemoveTax', context, taxId);
    await this.send('RemoveApprovalRule', context, ruleId);
    const file = {
      ...{ kind: 'expense', propertyId, isDryRun: false, errors: [], sha256: '0'.repeat(64) },
      rows: [{ line: 2, cells: { date: '2026-02-11', amountCents: '300', description: 'of a file' } }],
    };
    await this.send('ImportTransactions', context, file);
    const counts = [{ paymentMode: 'card', currency: 'EUR', countedCents: 1_000 }];
    const books = { propertyId, businessDay: '2026-02-03', counts };
    const day = await this.send<{ id: string }>('CloseDay', context, books);
    await this.send('ReopenDay', context, day.id, 'a bill was forgotten');
  }

  /** The token that a mail brings: made while it is composed, and nowhere else to be had. */
  private async mailedToken(context: CommandContext, kind: string, userId: number): Promise<string> {
    const mail = features.flatMap(({ mails = [] }) => mails).find((one) => one.kind === kind)!;
    const { result } = await this.unitOfWork.run(context, async (transaction) => {
      const composed = await mail.compose(transaction, String(userId), {
        appUrl: 'https://app.innkeep.example',
        addressOf: findRecipient,
      });
      return composed!.text;
    });
    return /#token=(\S+)/.exec(result!)![1]!;
  }

  private async keepTasks(context: CommandContext, propertyId: number, assigneeId: number): Promise<void> {
    const dueOn = new Date().toISOString().slice(0, 10);
    const input = {
      ...{ propertyId, title: 'Get room 12 ready', priority: 'high', dueOn, checklist: ['Towels', 'Windows'] },
      ...{ recurrence: { every: 'day', interval: 1, count: 2 }, remindMinutesBefore: 60 },
    };
    const task = await this.send<{ id: string; checklist: { id: string }[] }>('CreateTask', context, input);
    await this.send('ChangeTask', context, task.id, { priority: 'urgent' });
    await this.send('AssignTask', context, task.id, assigneeId);
    await this.send('TickItem', context, task.id, task.checklist[0]!.id, true);
    await this.send('WriteComment', context, task.id, 'The lamp is dark.');
    const inAWeek = new Date(Date.now() + 7 * 86_400_000);
    await this.send('RemindOfTask', context, task.id, inAWeek);
    await this.send('MakeNextTask', context, task.id, inAWeek);
    await this.send('MoveTask', context, task.id, 'done');
    await this.send('ChangeTheme', context, { name: 'Casas', colors: { primary: '#004488' } });
  }

  private async receiveGuests(context: CommandContext, propertyId: number): Promise<void> {
    const input = { name: '12', unitType: 'double', capacity: 3, inServiceFrom: '2026-01-01', outOfOrder: [] };
    const { id: unit } = await this.send<{ id: string }>('AddUnit', context, propertyId, input);
    const outOfOrder = [{ from: '2026-04-01', to: '2026-04-03', reason: 'new bathroom' }];
    await this.send('ChangeUnit', context, propertyId, unit, { outOfOrder });
    const party = { guestName: 'Inês Carvalho', country: 'PRT', adults: 2, children: 1, unitIds: [unit] };
    const days = { arrivesOn: '2026-03-10', departsOn: '2026-03-12' };
    const checkIn = async (more: object): Promise<string> =>
      (await this.send<{ id: string }>('CheckInGuest', context, { ...party, ...days, propertyId, ...more })).id;
    const identity = { documentType: 'other', number: 'AB123456', nationality: 'PRT' };
    const stay = await checkIn({ isExpected: true, identity });
    await this.send('Arrive', context, stay, { checkedInAt: '2026-03-10T14:00:00Z' });
    await this.send('ChangeStay', context, stay, { ...party, departsOn: '2026-03-13' });
    await this.send('ViewIdentity', context, stay, 'for the register');
    await this.send('CheckOutGuest', context, stay, '2026-03-12T10:00:00Z');
    await this.send('RemoveIdentity', context, stay, new Date('2026-07-01T00:00:00Z'));
    await this.send('CancelStay', context, await checkIn({ isExpected: true, unitIds: [] }), 'flight cancelled');
    await this.send('EraseGuest', context, await checkIn({ isExpected: true, unitIds: [] }));
    const items = [
      { ...days, propertyId, externalReference: 'b-1', country: 'GBR', outcome: 'cancelled' },
      {
        ...{ ...days, propertyId, externalReference: 'b-2', outcome: 'departed' },
        ...{ checkedInAt: '2026-03-10T12:00:00Z', checkedOutAt: '2026-03-12T12:00:00Z' },
      },
    ];
    await this.send('RecordStaysInBulk', context, items);
  }

  private async keepBooks(context: unknown, home: number, annex: number): Promise<void> {
    const record = async (kind: string, propertyId: number, day: number, more: object = {}): Promise<string> => {
      const occurredAt = new Date(Date.UTC(2026, 1, day, 2, 30)).toISOString();
      const input = { propertyId, amountCents: 1_000 + day, description: `of day ${day}`, occurredAt, ...more };
      return (await this.send<{ id: string }>('RecordTransaction', context, kind, input)).id;
    };
    const decide = (kind: string, id: string, decision: string, reason?: string) =>
      this.send('DecideApproval', context, kind, id, { decision, reason });
    const stay = await record('revenue', home, 3, { category: 'rooms', paymentMode: 'card', externalReference: 'b-1' });
    await decide('revenue', stay, 'approved');
    const soap = await record('expense', home, 3, { category: 'cleaning' });
    await this.send('ChangeTransaction', context, 'expense', soap, { amountCents: 250, category: 'supplies' });
    await decide('expense', soap, 'approved');
    await decide('expense', await record('expense', annex, 28), 'rejected', 'paid in private');
    await this.send('DeleteTransaction', context, 'expense', await record('expense', annex, 5));
    const twice = await record('revenue', annex, 28);
    await decide('revenue', twice, 'approved');
    await this.send('ReverseTransaction', context, 'revenue', twice, { reason: 'entered twice' });
    await record('expense', annex, 27, { description: 'waits for a decision' });
    const items = [1, 2, 3].map((day) => ({
      propertyId: home,
      amountCents: day * 100,
      description: 'of many',
      occurredAt: new Date(Date.UTC(2026, 2, day, 12)).toISOString(),
    }));
    await this.send('RecordTransactionsInBulk', context, 'revenue', items);
  }
}
