import { DomainError, type Principal, PropertyPort, PurgeRequested, type Sql, tags } from '@innkeep/contracts';
import { type Committed, UnitOfWork } from '@innkeep/platform/database';
import { forbidden, notFound } from '@innkeep/platform/http';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { operationsProblems } from '../operations.problems';
import { isOwnTag, propertiesIn } from './own-tags';
import { type PurgeTarget, RequestPurge, type RequestedPurge } from './request-purge.command';

@CommandHandler(RequestPurge)
export class RequestPurgeHandler implements ICommandHandler<RequestPurge> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly properties: PropertyPort,
  ) {}

  async execute({ context, target, operator }: RequestPurge): Promise<Committed<RequestedPurge>> {
    const { principal } = context;
    if (!operator && principal.role !== 'owner')
      throw forbidden('Only owners purge what is kept of their organization.');
    return this.unitOfWork.run(context, async (transaction) => {
      const purged = await this.tagsOf(transaction, principal, target);
      const by = operator ? ('operator' as const) : ('owner' as const);
      const propertyId = target.kind === 'property' ? target.propertyId : undefined;
      transaction.record(PurgeRequested({ tags: purged, by, ...operator }, { propertyId }));
      return { tags: purged };
    });
  }

  /** What the target means in tags. What is somebody else's is as absent as what is nobody's. */
  private async tagsOf(sql: Sql, principal: Principal, target: PurgeTarget): Promise<string[]> {
    if (target.kind === 'organization') {
      if (target.organizationId !== principal.organizationId) throw notFound('organization');
      return [tags.organization(target.organizationId)];
    }
    if (target.kind === 'property') {
      const found = await this.properties.find(sql, [target.propertyId]);
      if (!found.has(target.propertyId)) throw notFound('property');
      return [tags.property(target.propertyId)];
    }
    const found = await this.properties.find(sql, propertiesIn(target.keys));
    const own = new Set(found.keys());
    const strange = target.keys.flatMap((key, index) =>
      isOwnTag(key, principal, own) ? [] : [{ pointer: `/keys/${index}`, detail: 'names nothing of yours' }],
    );
    if (strange.length > 0)
      throw new DomainError(
        operationsProblems['cache-tag-unknown'],
        'A key names your organization, one of its properties, or you.',
        { errors: strange },
      );
    return [...new Set(target.keys)];
  }
}
