import type { Choices } from '../choices';
import type { Making } from './making';

const hex = (choices: Choices, digits: number) =>
  Math.floor(choices.next() * 16 ** digits)
    .toString(16)
    .padStart(digits, '0');

/**
 * An id as the product makes them (UUID version 7): of the instant, in milliseconds of the epoch, and by chance; in its last digits of the
 * organization. The chance of all organizations is of one cycle of 2^32 numbers: among a hundred thousand of them some go through the same
 * part of it, and two units with one id would be refused.
 */
export function idAt(
  instant: number,
  { choices, tenant: [, organizationId] }: Pick<Making, 'choices' | 'tenant'>,
): string {
  const time = instant.toString(16).padStart(12, '0');
  const variant = '89ab'[Math.floor(choices.next() * 4)]!;
  const own = organizationId.toString(16).padStart(8, '0').slice(-8);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(choices, 3)}-${variant}${hex(choices, 3)}-${hex(choices, 4)}${own}`;
}
