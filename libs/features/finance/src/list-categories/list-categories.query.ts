import type { Principal } from '@innkeep/contracts';
import { Reader, type Snapshot, rawSql, sql } from '@innkeep/platform/database';
import { pageOf, pageParameters } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';
import { categoryAnswer } from '../category';

export const listCategoriesQuery = z.strictObject({ ...pageParameters });
export const categoryPage = pageOf(categoryAnswer);

interface Row {
  readonly body: z.output<typeof categoryAnswer>;
}

const json = rawSql(
  `json_build_object('id', r.id, 'kind', r.kind, 'name', r.name, 'isArchived', r.archived_at is not null)`,
);

/** The categories of the organization, also archived ones, in the order in which they were added. */
export class ListCategories extends Query<Snapshot<Row>> {
  constructor(
    readonly principal: Principal,
    readonly after: string | null,
    readonly limit: number,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(ListCategories)
export class ListCategoriesHandler implements IQueryHandler<ListCategories> {
  constructor(private readonly reader: Reader) {}

  execute({ principal, after, limit, minPosition }: ListCategories): Promise<Snapshot<Row>> {
    const { organizationId } = principal;
    return this.reader.read<Row>(
      { organizationId, minPosition },
      ({ bucket }) => sql`
        select ${json} as body from finance.categories r
        where r.bucket = ${bucket} and r.organization_id = ${organizationId} and (${after}::uuid is null or r.id > ${after})
        order by r.id limit ${limit}`,
    );
  }
}
