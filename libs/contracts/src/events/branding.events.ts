import { z } from 'zod';
import { defineEvent } from './define-event';

/** What an organization looks like from here on. Version 1 had no logo. */
export const ThemeChanged = defineEvent(
  'ThemeChanged',
  2,
  z.object({
    name: z.string().nullable(),
    colors: z.record(z.string(), z.string()),
    font: z.string(),
    /** A document of the kind logo. */
    logoId: z.string().nullable(),
  }),
  { 1: (data: object) => ({ ...data, logoId: null }) },
);
