import type { TimedWork } from '@innkeep/platform/feature';
import { CloseForgottenShift } from './close-forgotten-shift/close-forgotten-shift.command';
import { ForgetPlaces } from './forget-places/forget-places.command';

/** What time brings about: shifts that nobody ends, and places that are not kept any longer. */
export const staffTimed: readonly TimedWork[] = [
  {
    name: 'close-forgotten-shifts',
    everySeconds: 60,
    due: 'staff.forgotten_shifts',
    command: (context, id, now) => new CloseForgottenShift(context, id, now),
  },
  {
    name: 'forget-places',
    everySeconds: 60,
    due: 'staff.places_to_forget',
    command: (context, id) => {
      const [userId, month] = id.split('.') as [string, string];
      return new ForgetPlaces(context, Number(userId), month);
    },
  },
];
