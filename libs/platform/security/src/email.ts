import { createHash } from 'node:crypto';
import { z } from 'zod';

/** The one spelling of an email address that is stored, compared and hashed. */
export const normalizeEmail = (email: string): string => email.normalize('NFKC').trim().toLowerCase();

/** What the directory knows of an address: enough to find who signs in with it, not enough to read it. */
export const hashEmail = (email: string): Buffer => createHash('sha256').update(normalizeEmail(email)).digest();

export const emailAddress = z
  .string()
  .max(320)
  .overwrite(normalizeEmail)
  .pipe(z.email('is not an email address').max(254))
  .meta({ format: 'email' })
  .describe('The address to sign in with; one address is one user of one organization');
