import { DomainError, defineProblems, label } from '@innkeep/contracts';
import { shapes } from '@innkeep/platform/http';
import { z } from 'zod';
import { LEAST_CONTRAST, contrastOf } from './contrast';

export const brandingProblems = defineProblems({
  'contrast-too-low': [422, 'Text in these colours could not be read'],
  'logo-unknown': [422, 'There is no logo by this id'],
});

/** What is there to colour. */
export const colorNames = ['primary', 'onPrimary', 'background', 'surface', 'text', 'link'] as const;
export type ColorName = (typeof colorNames)[number];

/** The fonts that clients know. */
export const fonts = ['system', 'serif', 'rounded', 'inter', 'noto-sans', 'source-serif'] as const;

const color = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/, 'is a colour such as #1f5c4d')
  .transform((text) => text.toLowerCase())
  .meta({ example: '#1f5c4d' });
const shownColor = z.string().meta({ example: '#1f5c4d' });

const colorsOf = <Shape extends z.ZodType>(shape: Shape) =>
  Object.fromEntries(colorNames.map((name) => [name, shape])) as Record<ColorName, Shape>;

/** What of a theme can be changed, each on its own. */
export const themeChanges = z
  .strictObject({
    name: label(80).nullable().describe('What clients show; null: the name of the organization'),
    colors: z.strictObject(colorsOf(color)).partial(),
    font: z.enum(fonts),
    logoId: z.uuid().nullable().describe('A document of the kind logo; null for none'),
  })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, 'names nothing to change')
  .meta({ minProperties: 1, example: { name: 'Casas do Rio', colors: { primary: '#1f5c4d' } } });
export type ThemeChanges = z.output<typeof themeChanges>;

/** What an organization looks like. */
export const themeAnswer = z
  .object({
    name: shapes.text('Casas do Rio').nullable(),
    colors: z.object(colorsOf(shownColor)),
    font: z.enum(fonts),
    logoId: shapes.uuidId.nullable(),
    logoUrl: z
      .string()
      .nullable()
      .describe('Where everybody sees the logo; null also while it is being made')
      .meta({ example: '/assets/0123456789abcdef0123456789abcdef/logo.webp' }),
    version: z
      .int()
      .nullable()
      .describe('What If-Match takes; null as long as nobody has changed it')
      .meta({ example: 42 }),
  })
  .meta({ id: 'Theme' });
export type ThemeView = Readonly<z.output<typeof themeAnswer>>;
export type Theme = Omit<ThemeView, 'version' | 'logoUrl'>;

/** What it looks like before anybody has changed it. */
export const defaultTheme: Theme = {
  name: null,
  colors: {
    primary: '#1f5c4d',
    onPrimary: '#ffffff',
    background: '#ffffff',
    surface: '#f4f6f5',
    text: '#1c2421',
    link: '#1f5c4d',
  },
  font: 'system',
  logoId: null,
};

/** What is written on what. */
const pairs: readonly (readonly [foreground: ColorName, background: ColorName])[] = [
  ['text', 'background'],
  ['text', 'surface'],
  ['onPrimary', 'primary'],
  ['link', 'background'],
];

function assertReadable({ colors }: Theme): void {
  // Rounded down: what is shown as enough is enough.
  const low = pairs.flatMap(([foreground, background]) => {
    const ratio = Math.floor(contrastOf(colors[foreground], colors[background]) * 100) / 100;
    return ratio < LEAST_CONTRAST ? [{ foreground, background, ratio, needed: LEAST_CONTRAST }] : [];
  });
  if (low.length === 0) return;
  const [{ foreground, background, ratio }] = low as [(typeof low)[number]];
  throw new DomainError(
    brandingProblems['contrast-too-low'],
    `${foreground} on ${background} has a contrast of ${ratio}:1 and needs ${LEAST_CONTRAST}:1.`,
    {
      errors: low.map((pair) => ({
        pointer: `/colors/${pair.foreground}`,
        detail: `is too close to ${pair.background}`,
      })),
      members: { pairs: low },
    },
  );
}

/** The theme after a change; undefined if it is none. */
export function changeTheme(theme: Theme, { colors, ...changes }: ThemeChanges): Theme | undefined {
  const changed = { ...theme, ...changes, colors: { ...theme.colors, ...colors } };
  assertReadable(changed);
  return JSON.stringify(changed) === JSON.stringify(theme) ? undefined : changed;
}
