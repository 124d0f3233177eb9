import { type DocumentOwnerFacts, DocumentOwnerPort, type Sql } from '@innkeep/contracts';
import { Injectable } from '@nestjs/common';
import { validate } from 'uuid';

/** What documents that belong to a transaction have to know of it. */
@Injectable()
export class TransactionDocuments extends DocumentOwnerPort {
  readonly kind = 'transaction';

  async find(port: Sql, id: string): Promise<DocumentOwnerFacts | undefined> {
    if (!validate(id)) return undefined;
    const [found] = await port.query<{ propertyId: string; isSettled: boolean }>(
      `select property_id as "propertyId", status = 'approved' as "isSettled" from finance.transactions
       where bucket = $1 and organization_id = $2 and id = $3 and deleted_at is null`,
      [port.bucket, port.organizationId, id],
    );
    return found && { propertyId: Number(found.propertyId), isSettled: found.isSettled };
  }
}
