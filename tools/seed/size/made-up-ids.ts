import type { Choices } from '../choices';

const hex = (choices: Choices, digits: number) =>
  Math.floor(choices.next() * 16 ** digits)
    .toString(16)
    .padStart(digits, '0');

/** An id as the product makes them (UUID version 7): of the instant, in milliseconds of the epoch, and by chance. */
export function idAt(instant: number, choices: Choices): string {
  const time = instant.toString(16).padStart(12, '0');
  const variant = '89ab'[Math.floor(choices.next() * 4)]!;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(choices, 3)}-${variant}${hex(choices, 3)}-${hex(choices, 6)}${hex(choices, 6)}`;
}
