import { z } from 'zod';
import { defineEvent } from './define-event';

/** What an organization looks like from here on. */
export const ThemeChanged = defineEvent(
  'ThemeChanged',
  1,
  z.object({
    name: z.string().nullable(),
    colors: z.record(z.string(), z.string()),
    font: z.string(),
  }),
);
