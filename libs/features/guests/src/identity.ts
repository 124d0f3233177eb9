import { holding, shapes } from '@innkeep/platform/http';
import { z } from 'zod';
import { countryCodes, isCountry, isNationality, nationalityCodes } from './countries';
import { documentTypes } from './document-numbers';

/** Documents are written with and without spaces, hyphens and capitals: one spelling is kept. */
const plain = (text: string) => text.toUpperCase().replaceAll(/[\s\-./]/g, '');

const nationality = z
  .string()
  .max(3)
  .refine(isNationality, 'is not a country by ISO 3166-1 alpha-3')
  .meta({ enum: [...nationalityCodes] });

/** What a document says of its holder. */
export const identityInput = z
  .strictObject({
    documentType: z.enum(documentTypes),
    number: z
      .string()
      .min(1)
      .max(40)
      .regex(/^[\s\-./]*([A-Za-z\d][\s\-./]*){4,20}$/, 'has 4 to 20 letters and digits')
      .transform(plain)
      .describe('As it stands on the document'),
    nationality: nationality.describe('Of the holder, ISO 3166-1 alpha-3'),
    issuedBy: z
      .string()
      .max(3)
      .refine(isCountry, 'is not a country by ISO 3166-1 alpha-3')
      .meta({ enum: [...countryCodes] })
      .optional()
      .describe('The country that issued it; by default the nationality'),
    expiresOn: z.iso.date().optional(),
    dateOfBirth: z.iso
      .date()
      .refine((day) => day >= '1900-01-01' && day <= new Date().toISOString().slice(0, 10), 'is no day of birth')
      .optional(),
  })
  .refine(({ documentType, expiresOn }) => documentType !== 'passport' || expiresOn !== undefined, {
    error: 'is needed of a passport',
    path: ['expiresOn'],
  })
  .meta({
    if: holding(['documentType'], { documentType: { const: 'passport' } }),
    then: holding(['expiresOn']),
  });
export type IdentityInput = z.output<typeof identityInput>;

/** What of an identity is kept sealed. */
export type SealedIdentity = Omit<IdentityInput, 'documentType'>;

/** The fields that are sealed, each in a box of its own. */
export const sealedFieldsOf = ({ documentType: _, ...fields }: IdentityInput): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** How it ends is enough to compare it with the document in one's hand, and not enough to use it. */
export const maskedNumber = (number: string): string => `•••${number.slice(-2)}`;

/** An identity as whoever sees the stay sees it. */
export const maskedIdentity = z.object({
  documentType: z.enum(documentTypes),
  number: shapes.text('•••56').describe('How it ends; the whole of it is shown by POST .../identity-views'),
  keptUntil: shapes.instant.nullable().describe('When it is removed; null while the party is in house'),
});

/** An identity in full. */
export const identityAnswer = z
  .object({
    stayId: shapes.uuidId,
    documentType: z.enum(documentTypes),
    number: shapes.text('CC123456'),
    nationality: shapes.text('PRT'),
    issuedBy: shapes.text('PRT').nullable(),
    expiresOn: shapes.day.nullable().meta({ example: '2031-05-01' }),
    dateOfBirth: shapes.day.nullable().meta({ example: '1980-02-29' }),
    accessId: shapes.uuidId.describe('Under which it is noted that you were shown it'),
  })
  .meta({ id: 'GuestIdentity' });
export type Identity = z.output<typeof identityAnswer>;
