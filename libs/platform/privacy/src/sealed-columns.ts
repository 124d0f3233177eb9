import type { Subject } from '@innkeep/contracts';
import type { OrganizationTransaction } from '@innkeep/platform/database';
import { closeBox, openBox } from './boxes';
import type { MasterKeys } from './master-keys';
import { subjectName } from './sealed-fields';
import { takeKeys } from './taken-keys';

/** Fields of a row as they are kept: a box for each, in base64url. */
export type Boxes = Readonly<Record<string, string>>;

/**
 * Fields of rows that are kept sealed with the key of the subject they are about, as events are: who reads the table or a copy of it
 * reads nothing, a new master key needs no row to be written anew, and erasing the subject makes them unreadable wherever they are.
 */
export class SealedColumns {
  constructor(
    private readonly masterKeys: MasterKeys,
    /** The table, with its schema: a box opens in no other. */
    private readonly table: string,
  ) {}

  /** The fields in boxes; nothing if the subject is erased. */
  async close(transaction: OrganizationTransaction, subject: Subject, fields: Boxes): Promise<Boxes | undefined> {
    const key = await this.keyOf(transaction, subject);
    if (!key) return undefined;
    return this.each(fields, (field, text) =>
      closeBox(key, this.place(transaction, subject, field), Buffer.from(text)).toString('base64url'),
    );
  }

  /** What is in the boxes; nothing if the subject is erased. Throws if a box was changed or belongs elsewhere. */
  async open(transaction: OrganizationTransaction, subject: Subject, boxes: Boxes): Promise<Boxes | undefined> {
    const key = await this.keyOf(transaction, subject);
    if (!key) return undefined;
    return this.each(boxes, (field, box) =>
      openBox(key, this.place(transaction, subject, field), Buffer.from(box, 'base64url')).toString(),
    );
  }

  private async keyOf(transaction: OrganizationTransaction, subject: Subject): Promise<Buffer | undefined> {
    const name = subjectName(subject);
    return (await takeKeys(transaction, this.masterKeys, [name])).get(name);
  }

  private place({ organizationId }: OrganizationTransaction, subject: Subject, field: string) {
    return ['column', organizationId, subjectName(subject), this.table, field];
  }

  private each(fields: Boxes, change: (field: string, text: string) => string): Boxes {
    return Object.fromEntries(Object.entries(fields).map(([field, text]) => [field, change(field, text)]));
  }
}
