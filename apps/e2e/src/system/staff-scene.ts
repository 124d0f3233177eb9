import type { Member } from './members';

/** What an organization has of the times of its people, made as it is asked for. */
export interface StaffIds {
  /** A shift of the owner that has ended. */
  shift(): Promise<string>;
  /** A correction of the owner's that waits to be decided. */
  correction(): Promise<string>;
  /** A kind of leave that nothing else uses. */
  leaveType(): Promise<string>;
  /** A leave request of the owner's that waits to be decided. */
  leaveRequest(): Promise<string>;
}

const HOUR = 3_600_000;

export function staffIds(owner: Member, propertyId: number, marker: string): StaffIds {
  let made = 0;
  const idOf = async (path: string, body: object): Promise<string> =>
    (await owner.post(`/v1/staff/${path}`, body)).as<{ id: string }>(201).id;
  // Without the marker: everybody in the organization sees what leave there is, whatever they look after.
  const leaveType = () => idOf('leave-types', { name: `Leave ${++made}` });
  let shift: Promise<string> | undefined;
  let ofRequests: Promise<string> | undefined;
  const end = Math.floor(Date.now() / HOUR) * HOUR - 48 * HOUR;
  return {
    leaveType,
    shift: () => (shift ??= endedShift(owner, propertyId)),
    correction: () => {
      // Each at another hour: one person works one shift at a time.
      const to = end - 2 * HOUR * ++made;
      const times = { startedAt: new Date(to - HOUR).toISOString(), endedAt: new Date(to).toISOString() };
      return idOf('corrections', { propertyId, ...times, reason: `${marker} forgot` });
    },
    leaveRequest: async () => {
      const leaveTypeId = await (ofRequests ??= leaveType());
      const day = new Date(Date.UTC(2032, 0, 1) + 24 * HOUR * ++made).toISOString().slice(0, 10);
      return idOf('leave-requests', { propertyId, leaveTypeId, from: day, to: day, reason: `${marker} wedding` });
    },
  };
}

async function endedShift(owner: Member, propertyId: number): Promise<string> {
  // The owner may be at work already.
  await owner.post('/v1/staff/check-in', { propertyId });
  const ended = await owner.post('/v1/staff/check-out', {});
  const { id } = ended.as<{ id: string }>(200);
  await owner.getAfter(ended.position, `/v1/staff/attendance/${id}`);
  return id;
}
