import { eventually } from '@innkeep/testing';
import type { Act } from './every-event';
import type { InnkeepUnderTest } from './innkeep-under-test';
import type { Member, Property } from './members';
import { runTimedWork } from './timed-work';

const HOUR = 3_600_000;

/** Everything that happens to the times of people, one act after the other. */
export class StaffStory {
  private person!: Member;
  private shift = '';
  private correction = '';
  private leaveType = '';
  private leave = '';

  constructor(
    private readonly innkeep: InnkeepUnderTest,
    private readonly owner: Member,
    private readonly property: Property,
  ) {}

  get acts(): Act[] {
    return [...this.ofShifts(), ...this.ofCorrections(), ...this.ofLeave()];
  }

  private async post(who: Member, path: string, body?: object, status = 201): Promise<string> {
    return (await who.post(`/v1/staff/${path}`, body)).as<{ id: string }>(status).id;
  }

  private async decide(path: string, decision: string): Promise<void> {
    (await this.owner.put(`/v1/staff/${path}/approval`, { decision, reason: 'so it is' })).expect(200);
  }

  private ofShifts(): Act[] {
    const propertyId = this.property.id;
    const location = { latitude: 38.7, longitude: -9.1, accuracyMetres: 20 };
    const rules = { closesAfterHours: 12, shiftStarts: ['07:00'] };
    return [
      { name: 'somebody comes to work', run: async () => (this.person = await this.owner.invite('staff')) },
      {
        name: 'hours are ruled',
        run: () => this.owner.put(`/v1/staff/properties/${propertyId}/rules`, rules),
      },
      { name: 'a shift begins', run: () => this.post(this.person, 'check-in', { propertyId, location }) },
      { name: 'a shift ends', run: async () => (this.shift = await this.post(this.person, 'check-out', {}, 200)) },
      { name: 'another shift begins', run: () => this.post(this.person, 'check-in', { propertyId }) },
      {
        name: 'a shift is forgotten',
        run: async () => {
          await this.innkeep.database.asAdmin('update staff.shifts set closes_at = now() where ended_at is null');
          await runTimedWork(this.innkeep, 'close-forgotten-shifts');
          await eventually(async () =>
            expect(await this.innkeep.database.asAdmin('select from staff.shifts where ended_at is null')).toEqual([]),
          );
        },
      },
    ];
  }

  private ofCorrections(): Act[] {
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
    const ask = (from: number, to: number) => async () => {
      const times = { startedAt: hoursAgo(from), endedAt: hoursAgo(to), reason: 'It was so' };
      this.correction = await this.post(this.person, 'corrections', { shiftId: this.shift, ...times });
    };
    return [
      { name: 'a correction is asked for', run: ask(30, 20) },
      { name: 'a correction is rejected', run: () => this.decide(`corrections/${this.correction}`, 'rejected') },
      { name: 'another correction is asked for', run: ask(28, 20) },
      { name: 'a shift is corrected', run: () => this.decide(`corrections/${this.correction}`, 'approved') },
    ];
  }

  private ofLeave(): Act[] {
    const { owner } = this;
    const ask = (from: string, to: string) => async () => {
      const wish = { propertyId: this.property.id, leaveTypeId: this.leaveType, from, to, reason: 'A wedding' };
      this.leave = await this.post(this.person, 'leave-requests', wish);
    };
    const year = 2026;
    return [
      {
        name: 'a leave is defined',
        run: async () => (this.leaveType = await this.post(owner, 'leave-types', { name: 'Holiday', daysPerYear: 10 })),
      },
      {
        name: 'a leave is changed',
        run: () => owner.patch(`/v1/staff/leave-types/${this.leaveType}`, { daysPerYear: 12 }),
      },
      {
        name: 'leave is granted',
        run: () => {
          const grant = { userId: this.person.userId, leaveTypeId: this.leaveType, year, days: 1.5, reason: 'A feast' };
          return this.post(owner, 'leave-grants', grant);
        },
      },
      { name: 'leave is asked for', run: ask('2026-07-06', '2026-07-08') },
      { name: 'leave is approved', run: () => this.decide(`leave-requests/${this.leave}`, 'approved') },
      {
        name: 'leave is cancelled',
        run: () => this.post(owner, `leave-requests/${this.leave}/cancellation`, undefined, 200),
      },
      { name: 'more leave is asked for', run: ask('2026-08-31', '2026-09-01') },
      { name: 'leave is rejected', run: () => this.decide(`leave-requests/${this.leave}`, 'rejected') },
      { name: 'a leave is retired', run: () => owner.delete(`/v1/staff/leave-types/${this.leaveType}`) },
      {
        name: 'somebody who worked is erased',
        run: async () => (await owner.post(`/v1/users/${this.person.userId}/erasure`)).expect(200),
      },
    ];
  }
}
