import { type DocumentOwnerFacts, DocumentOwnerPort, type Sql } from '@innkeep/contracts';
import { Injectable } from '@nestjs/common';
import { validate } from 'uuid';

/** What documents that belong to a task have to know of it. */
@Injectable()
export class TaskDocuments extends DocumentOwnerPort {
  readonly kind = 'task';

  async find(port: Sql, id: string): Promise<DocumentOwnerFacts | undefined> {
    if (!validate(id)) return undefined;
    const [found] = await port.query<{ propertyId: string }>(
      `select property_id as "propertyId" from tasks.tasks where bucket = $1 and organization_id = $2 and id = $3`,
      [port.bucket, port.organizationId, id],
    );
    return found && { propertyId: Number(found.propertyId), isSettled: false };
  }
}
