/** A table whose rows say what the last event about each of them says. */
export interface WrittenTable {
  readonly table: string;
  /** The event types that change its rows. */
  readonly types: readonly string[];
  /** Columns of members that are called otherwise; none for one that is no column, but is counted. */
  readonly columns: Readonly<Record<string, string | null>>;
}

/** The tables of what goes on in houses, as commands write them. */
export const writtenTables: readonly WrittenTable[] = [
  {
    table: 'finance.transactions',
    types: ['TransactionRecorded', 'TransactionApproved', 'TransactionRejected'],
    columns: {
      transactionId: 'id',
      businessDay: 'business_on',
      reason: 'decision_reason',
      reversalOf: null,
      tax: null,
      approval: null,
    },
  },
  { table: 'properties.units', types: ['UnitAdded'], columns: { unitId: 'id' } },
  {
    table: 'guests.stays',
    types: ['GuestExpected', 'GuestCheckedIn', 'GuestCheckedOut', 'StayCancelled'],
    columns: { stayId: 'id', arrivesOn: 'arrives_on', unitCount: null, partySize: null },
  },
  {
    table: 'staff.shifts',
    types: ['ShiftStarted', 'ShiftEnded'],
    columns: { shiftId: 'id', businessDay: 'business_on', location: null },
  },
  { table: 'staff.leave_types', types: ['LeaveTypeDefined'], columns: { leaveTypeId: 'id' } },
  {
    table: 'staff.leave_requests',
    types: ['LeaveRequested', 'LeaveApproved', 'LeaveRejected'],
    columns: { leaveRequestId: 'id', from: 'from_on', to: 'to_on', reason: null, decisionReason: null },
  },
  {
    table: 'tasks.tasks',
    types: ['TaskCreated', 'TaskItemTicked', 'TaskStatusChanged'],
    columns: { taskId: 'id', itemCount: null, itemsDone: null, itemId: null, isDone: null, previousStatus: null },
  },
];

type Members = Readonly<Record<string, unknown>>;

const snakeCase = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Instants are told in two spellings, by events and by the database. */
const spelled = (value: unknown) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value).toISOString() : value;

/** What a row says of the members of its event. */
export const toldByRow = (row: Members, event: Members, { columns }: WrittenTable): Members =>
  Object.fromEntries(
    columnsOf(event, columns).map(([member, column]) => [
      member,
      column in row ? spelled(row[column]) : `no ${column}`,
    ]),
  );

/** The same, as the event says it. */
export const toldByEvent = (event: Members, { columns }: WrittenTable): Members =>
  Object.fromEntries(columnsOf(event, columns).map(([member]) => [member, spelled(event[member])]));

const columnsOf = (event: Members, columns: WrittenTable['columns']) =>
  Object.keys(event).flatMap((member): [string, string][] => {
    const column = columns[member] === undefined ? snakeCase(member) : columns[member];
    return column === null ? [] : [[member, column]];
  });
