import { subjects } from '@innkeep/contracts';
import { type OrganizationTransaction, sql } from '@innkeep/platform/database';
import { type Boxes, MasterKeys, SealedColumns } from '@innkeep/platform/privacy';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { DocumentType } from './document-numbers';
import { type IdentityInput, maskedNumber, sealedFieldsOf } from './identity';
import { type Stay, identityEndsAt } from './stay';
import type { StayView } from './stay.answers';

/** What is kept of an identity, as far as it is not sealed. */
export interface KeptIdentity {
  readonly documentType: DocumentType;
  readonly numberEnding: string;
  readonly boxes: Boxes;
}

interface IdentityRow {
  document_type: DocumentType;
  number_ending: string;
  boxes: Boxes;
}

/** What happened to an identity, and to whom it was shown. */
export interface TrailEntry {
  readonly what: 'kept' | 'changed' | 'viewed' | 'removed' | 'erased';
  readonly by: number | null;
  readonly purpose?: string;
}

/** While the party is in house nothing ends; a day far away keeps the column comparable. */
const NO_END = '9999-12-31T00:00:00.000Z';

/** What documents say of guests: sealed, for a time, and with a trail of what became of it. */
@Injectable()
export class IdentityStore {
  private readonly sealed: SealedColumns;

  constructor(masterKeys: MasterKeys) {
    this.sealed = new SealedColumns(masterKeys, 'guests.identities');
  }

  /** What is kept, locked to the end of the unit of work. */
  async load(unit: OrganizationTransaction, stayId: string): Promise<KeptIdentity | undefined> {
    const [row] = await unit.query<IdentityRow>(
      `select document_type, number_ending, boxes from guests.identities
       where bucket = $1 and organization_id = $2 and stay_id = $3 for no key update`,
      [unit.bucket, unit.organizationId, stayId],
    );
    return row && { documentType: row.document_type, numberEnding: row.number_ending, boxes: row.boxes };
  }

  /** Keeps an identity in the place of one before. */
  async keep(unit: OrganizationTransaction, stay: Stay, identity: IdentityInput): Promise<KeptIdentity> {
    const boxes = (await this.sealed.close(unit, subjects.guest(stay.stayId), sealedFieldsOf(identity))) ?? {};
    const kept = { documentType: identity.documentType, numberEnding: maskedNumber(identity.number), boxes };
    unit.write(sql`
      insert into guests.identities (bucket, organization_id, stay_id, document_type, number_ending, boxes, ends_at)
      values (${unit.bucket}, ${unit.organizationId}, ${stay.stayId}, ${kept.documentType}, ${kept.numberEnding}, ${JSON.stringify(boxes)}::jsonb,
        ${identityEndsAt(stay) ?? NO_END})
      on conflict (bucket, organization_id, stay_id) do update set document_type = excluded.document_type,
        number_ending = excluded.number_ending, boxes = excluded.boxes, ends_at = excluded.ends_at`);
    return kept;
  }

  /** Keeps it for as long as the stay, as it is now, wants it. Not in one unit of work with `keep`: one statement changes a row once. */
  keepUntil(unit: OrganizationTransaction, stay: Stay): void {
    unit.write(sql`
      update guests.identities set ends_at = ${identityEndsAt(stay) ?? NO_END}
      where bucket = ${unit.bucket} and organization_id = ${unit.organizationId} and stay_id = ${stay.stayId}`);
  }

  /** What the boxes hold; nothing if the guest is erased. */
  open(unit: OrganizationTransaction, stayId: string, { boxes }: KeptIdentity): Promise<Boxes | undefined> {
    return this.sealed.open(unit, subjects.guest(stayId), boxes);
  }

  remove(unit: OrganizationTransaction, stayId: string): void {
    unit.write(sql`
      delete from guests.identities where bucket = ${unit.bucket} and organization_id = ${unit.organizationId} and stay_id = ${stayId}`);
  }

  /** Adds to the trail, which is kept whatever becomes of the guest; answers the entry's id. */
  note(unit: OrganizationTransaction, { stayId, propertyId }: Stay, { what, by, purpose }: TrailEntry): string {
    const id = uuidv7();
    unit.write(sql`
      insert into guests.identity_trail (bucket, organization_id, id, stay_id, property_id, what, by_user_id, purpose)
      values (${unit.bucket}, ${unit.organizationId}, ${id}, ${stayId}, ${propertyId}, ${what}, ${by}, ${purpose ?? null})`);
    return id;
  }
}

/** An identity as whoever sees the stay sees it. */
export const maskedView = (stay: Stay, kept: KeptIdentity | undefined): StayView['identity'] =>
  kept ? { documentType: kept.documentType, number: kept.numberEnding, keptUntil: identityEndsAt(stay) } : null;
