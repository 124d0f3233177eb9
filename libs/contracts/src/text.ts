import { z } from 'zod';

// Control characters; what overrides or isolates the direction of writing; what has no width and so hides that two names differ.
// The joiners U+200C and U+200D stay: Persian words and families of emoji need them.
const HIDDEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/u;
const CONTROL = /[^\P{Cc}\n\r\t]/u;

/**
 * Characters are counted as JSON Schema counts (2020-12, Validation, 6.3): in Unicode code points, not in the halves of surrogate pairs.
 * Only where pairs can matter, for a text may be as long as a body.
 */
const hasAtMost = (given: string, most: number): boolean =>
  given.length <= most || (given.length <= 2 * most && [...given].length <= most);
const hasAtLeast = (given: string, least: number): boolean => given.length >= 2 * least || [...given].length >= least;

const text = (maxLength: number) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .min(1)
    .refine((given) => hasAtMost(given, maxLength), `has at most ${maxLength} characters`);

/**
 * A text that is taken as it is: a password, a token.
 * @param minLength the fewest characters, counted as Unicode code points
 * @param maxLength the most
 */
export const characters = (minLength: number, maxLength: number) =>
  z
    .string()
    .refine(
      (given) => hasAtLeast(given, minLength) && hasAtMost(given, maxLength),
      `has ${minLength} to ${maxLength} characters`,
    )
    .meta({ minLength, maxLength });

/**
 * A name, a category, a reference: one line that people compare by eye. Kept in Unicode's composed form (NFC, UAX 15); nothing in it
 * is invisible or turns the writing around (UTS 39, 5).
 * @param maxLength the most characters, counted as Unicode code points
 */
export const label = (maxLength: number) =>
  text(maxLength)
    .refine((given) => !HIDDEN.test(given), 'holds characters that cannot be seen')
    .meta({ maxLength });

/**
 * Free text of people, perhaps of several lines and directions. Kept in Unicode's composed form (NFC, UAX 15).
 * @param maxLength the most characters, counted as Unicode code points
 * @param minLength the fewest
 */
export const prose = (maxLength: number, minLength = 1) =>
  text(maxLength)
    .refine((given) => hasAtLeast(given, minLength), 'is too short')
    .refine((given) => !CONTROL.test(given), 'holds control characters')
    .meta({ minLength, maxLength });
