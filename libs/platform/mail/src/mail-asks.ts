import { type OrganizationTransaction, type Sql, sql } from '@innkeep/platform/database';

/** A mail that was asked for: what kind, and whom or what it is about. */
export interface MailAsk {
  readonly bucket: number;
  readonly organizationId: number;
  readonly kind: string;
  readonly subject: string;
}

/** Asks for a mail in a command's transaction. An ask that waits already is merged with it: one mail is sent. */
export const askMail = ({ bucket, organizationId }: OrganizationTransaction, kind: string, subject: string): Sql => sql`
  insert into mail.asks as a (bucket, organization_id, kind, subject)
  values (${bucket}, ${organizationId}, ${kind}, ${subject})
  on conflict (bucket, organization_id, kind, subject) do update
    set generation = a.generation + 1, asked_at = excluded.asked_at, due_at = excluded.due_at, attempts = 0`;
