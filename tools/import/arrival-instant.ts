import { ImportStopped } from './import-stopped';

/** Where and when a property's business days begin. */
export interface BusinessDayRule {
  readonly timeZone: string;
  /** `HH:MM` on the property's clocks. */
  readonly businessDayStartsAt: string;
}

const noon = 12 * 60;
const sixHours = 6 * 60;

/**
 * An instant that belongs to the business day of an arrival day: local noon, or six hours after the business day begins where that is
 * later. Both are far from the business day's ends and from the small hours in which clocks are changed.
 */
export function arrivalInstants({ timeZone, businessDayStartsAt }: BusinessDayRule): (arrivalOn: string) => string {
  const [hours = 0, minutes = 0] = businessDayStartsAt.split(':').map(Number);
  const minuteOfDay = Math.max(noon, hours * 60 + minutes + sixHours);
  const wallClock = wallClockOf(timeZone);
  return (arrivalOn) => {
    const wanted = Date.parse(`${arrivalOn}T00:00:00Z`) + minuteOfDay * 60_000;
    // The offset is that of the instant looked for, which is not known yet: guess it, then correct the guess once.
    const guess = wanted - (wallClock(wanted) - wanted);
    return new Date(guess + (wanted - wallClock(guess))).toISOString();
  };
}

/** What a property's clocks show at an instant, written as if they stood in UTC. */
function wallClockOf(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: knownZone(timeZone),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (instant) => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
}

function knownZone(timeZone: string): string {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
    return timeZone;
  } catch {
    throw new ImportStopped(`this computer does not know the property's time zone ${timeZone}; a newer Node.js may`);
  }
}
