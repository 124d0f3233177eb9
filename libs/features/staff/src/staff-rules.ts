import { type StaffRules, label } from '@innkeep/contracts';
import { dayParameter, shapes } from '@innkeep/platform/http';
import { z } from 'zod';

const ALL_DAYS = [1, 2, 3, 4, 5, 6, 7];
/** Those of some ten years. */
const MOST_HOLIDAYS = 200;
const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is a local time, HH:MM');

const closesAfterHours = z
  .int()
  .min(1)
  .max(48)
  .describe('A shift that nobody has ended so long after it began is closed and flagged as forgotten');
const shiftStarts = z
  .array(localTime)
  .max(12)
  .describe('Local times at which shifts begin: who begins later than the nearest one is late. None: nobody is');
const graceMinutes = z.int().min(0).max(180).describe('So many minutes late is not late');
const workingWeekdays = z
  .array(z.int().min(1).max(7))
  .min(1)
  .max(7)
  .refine((days) => new Set(days).size === days.length, 'names a day twice')
  .meta({ uniqueItems: true })
  .transform((days) => [...days].sort())
  .describe('The days that leave is counted on, from 1 for Monday');
const holidays = z
  .array(z.strictObject({ day: dayParameter, name: label(100) }))
  .max(MOST_HOLIDAYS)
  .refine((given) => new Set(given.map(({ day }) => day)).size === given.length, 'names a day twice')
  .transform((given) => [...given].sort((one, other) => one.day.localeCompare(other.day)))
  .describe('Days that leave is not counted on; all of them, in place of those before')
  .meta({ example: [{ day: '2026-12-25', name: 'Christmas' }] });
const fence = z
  .strictObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    radiusMetres: z.number().min(10).max(50_000),
    accuracyMetres: z.number().min(5).max(5_000).default(100).describe('A less accurate location says nothing'),
    enforcement: z.enum(['refuse', 'note']).default('note').describe('Whether who is outside cannot check in'),
  })
  .nullable()
  .describe('Where people are to be when they check in');

/** What rules a property has unless somebody sets others. */
export const usualRules: StaffRules = {
  closesAfterHours: 16,
  shiftStarts: [],
  graceMinutes: 10,
  workingWeekdays: ALL_DAYS,
  holidays: [],
  geofence: null,
};

/** All rules of a property; what is left out is as usual. */
export const staffRulesBody = z
  .strictObject({
    closesAfterHours: closesAfterHours.default(usualRules.closesAfterHours),
    shiftStarts: shiftStarts.default([]),
    graceMinutes: graceMinutes.default(usualRules.graceMinutes),
    workingWeekdays: workingWeekdays.default(ALL_DAYS),
    holidays: holidays.default([]),
    geofence: fence.default(null),
  })
  .meta({
    example: {
      closesAfterHours: 14,
      shiftStarts: ['07:00', '15:00'],
      graceMinutes: 10,
      workingWeekdays: [1, 2, 3, 4, 5],
      holidays: [{ day: '2026-12-25', name: 'Christmas' }],
      geofence: { latitude: 38.7109, longitude: -9.1366, radiusMetres: 150, accuracyMetres: 50, enforcement: 'note' },
    },
  });

/** The rules of a property as clients see them. */
export const staffRulesAnswer = z
  .object({
    propertyId: shapes.numericId,
    closesAfterHours: z.int().meta({ example: 14 }),
    shiftStarts: z.array(z.string()).meta({ example: ['07:00', '15:00'] }),
    graceMinutes: z.int().meta({ example: 10 }),
    workingWeekdays: z.array(z.int()).meta({ example: [1, 2, 3, 4, 5] }),
    holidays: z.array(z.object({ day: shapes.day.meta({ example: '2026-12-25' }), name: shapes.text('Christmas') })),
    geofence: z
      .object({
        latitude: z.number().meta({ example: 38.7109 }),
        longitude: z.number().meta({ example: -9.1366 }),
        radiusMetres: z.number().meta({ example: 150 }),
        accuracyMetres: z.number().meta({ example: 50 }),
        enforcement: z.enum(['refuse', 'note']),
      })
      .nullable()
      .meta({ example: null }),
  })
  .meta({ id: 'StaffRules' });
export type StaffRulesView = Readonly<z.output<typeof staffRulesAnswer>>;
