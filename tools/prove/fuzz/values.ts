import * as fc from 'fast-check';
import type { Schema } from './api-document';
import { type Kind, kindOf } from './kinds';

/** Stands for an id that is filled in when the request is sent: one that is known by then. */
export interface Placeholder {
  readonly $id: Kind;
  /** Whether it is one of the neighbour's, which nobody here may see. */
  readonly isNeighbours: boolean;
  readonly index: number;
}

export const isPlaceholder = (value: unknown): value is Placeholder =>
  typeof value === 'object' && value !== null && '$id' in value;

const placeholder = ($id: Kind): fc.Arbitrary<Placeholder> =>
  fc.record({
    $id: fc.constant($id),
    isNeighbours: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    index: fc.nat({ max: 39 }),
  });

/** Letters of several scripts, and none that hides or breaks a line. */
const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEF0123456789 .,-_/&()\'"<>é—ñßøшщ漢字かな한글עבר🏠👩‍🚀'];
const words = (min: number, max: number) =>
  fc
    .array(fc.constantFrom(...letters), { minLength: Math.max(1, min), maxLength: Math.min(max, 40) })
    .map((chosen) => chosen.join('').trim())
    .filter((text) => text.length >= Math.max(1, min) && text.length <= max);

const twoDigits = (number: number) => String(number).padStart(2, '0');
const day = fc
  .tuple(fc.integer({ min: 2024, max: 2027 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
  .map(([year, month, date]) => `${year}-${twoDigits(month)}-${twoDigits(date)}`);
const offsets = ['Z', '+02:00', '-11:00', '+05:45'];
const instant = fc
  .tuple(day, fc.nat({ max: 23 }), fc.nat({ max: 59 }), fc.constantFrom(...offsets))
  .map(([date, hour, minute, offset]) => `${date}T${twoDigits(hour)}:${twoDigits(minute)}:00${offset}`);

const byFormat: Readonly<Record<string, fc.Arbitrary<string>>> = {
  date: day,
  'date-time': instant,
  uuid: fc.uuid({ version: 7 }),
  email: fc.nat().map((number) => `fuzz${number}@guests.example`),
};
/** Nothing that is tried first. */
const passphrase = fc.uuid().map((uuid) => `a river ${uuid}`);

/** What the document describes in words only. */
const byName: Readonly<Record<string, fc.Arbitrary<string>>> = {
  timeZone: fc.constantFrom('Europe/Lisbon', 'Asia/Kathmandu', 'UTC', 'America/St_Johns'),
  expiresAt: fc.integer({ min: 2030, max: 2100 }).map((year) => `${year}-01-01T00:00:00Z`),
  currency: fc.constantFrom('EUR', 'USD', 'JPY', 'KWD'),
  code: fc.constantFrom('000000', '123456'),
  dateOfBirth: fc.constantFrom('1980-02-29', '2001-12-31'),
  password: passphrase,
  newPassword: passphrase,
  subject: fc.oneof(
    fc.constant('organization'),
    fc.uuid({ version: 7 }).map((id) => `transaction:${id}`),
  ),
  scopes: fc.constantFrom('finance:read', 'finance:write', 'reports:read', 'properties:read'),
};

function text(schema: Schema, name: string): fc.Arbitrary<unknown> {
  const chosen = byName[name] ?? byFormat[schema.format ?? ''];
  if (chosen) return chosen;
  const said = words(schema.minLength ?? 0, schema.maxLength ?? 60);
  if (!schema.pattern) return said;
  const pattern = new RegExp(schema.pattern);
  // A pattern that says what must not be there is one for words of people.
  return schema.pattern.includes('[^') ? said.filter((text) => pattern.test(text)) : fc.stringMatching(pattern);
}

function number({ minimum = 0, maximum = 2 ** 31 }: Schema): fc.Arbitrary<number> {
  const [min, max] = [Math.max(minimum, -(2 ** 53) + 1), Math.min(maximum, 2 ** 53 - 1)];
  return fc.oneof(
    fc.integer({ min, max: Math.min(max, min + 100) }),
    fc.maxSafeInteger().map((any) => min + (Math.abs(any) % (max - min + 1))),
    fc.constantFrom(min, max),
  );
}

function object(schema: Schema, template: string): fc.Arbitrary<unknown> {
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => [name, valueOf(member, name, template)] as const,
  );
  return fc.record(Object.fromEntries(members), { requiredKeys: [...(schema.required ?? [])] });
}

/** Values that a schema of the document allows, or nearly: ids that are known, words that people use. */
export function valueOf(schema: Schema, name: string, template: string): fc.Arbitrary<unknown> {
  const kind = kindOf(name, template);
  const choices = schema.anyOf ?? schema.oneOf;
  // Beside properties they only say which of these belong together.
  if (choices && !schema.properties) return fc.oneof(...choices.map((choice) => valueOf(choice, name, template)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  const types = [schema.type ?? 'any'].flat();
  const byType: Readonly<Record<string, () => fc.Arbitrary<unknown>>> = {
    string: () =>
      kind
        ? fc.oneof({ weight: 5, arbitrary: placeholder(kind) }, { weight: 1, arbitrary: text(schema, name) })
        : text(schema, name),
    integer: () =>
      kind
        ? fc.oneof({ weight: 5, arbitrary: placeholder(kind) }, { weight: 1, arbitrary: number(schema) })
        : number(schema),
    number: () => number(schema),
    boolean: () => fc.boolean(),
    null: () => fc.constant(null),
    array: () =>
      fc.array(valueOf(schema.items ?? {}, name, template), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      }),
    object: () => object(schema, template),
    any: () => (name === 'items' ? item(template) : fc.jsonValue({ maxDepth: 3 })),
  };
  return fc.oneof(...types.map((type) => byType[type]!()));
}

/** An item of a bulk route: the document leaves it open, because each is judged on its own. */
const item = (template: string): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.record({
      propertyId: placeholder('properties'),
      amountCents: fc.integer({ min: 1, max: 100_000 }),
      description: words(1, 40),
      occurredAt: instant,
    }),
    fc.jsonValue({ maxDepth: 3 }),
    fc.constant({ template }),
  );
