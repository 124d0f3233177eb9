import { MemberPort, type Principal, TaskPort, TransactionPort } from '@innkeep/contracts';
import { Reader, type Snapshot } from '@innkeep/platform/database';
import { notFound, shapes } from '@innkeep/platform/http';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { z } from 'zod';

/** Who the caller is, and what waits for them. */
export const userBootstrapAnswer = z
  .object({
    user: z.object({
      id: shapes.numericId,
      name: shapes.text('Ana Duarte'),
      email: z.email().meta({ example: 'ana@casas.example' }),
    }),
    role: shapes.role,
    properties: shapes.propertyScope,
    permissions: z
      .array(z.string())
      .readonly()
      .describe('The operations that the role may call, as this documentation names them')
      .meta({ example: ['GET /v1/tasks', 'POST /v1/tasks'] }),
    counts: z.object({
      tasks: shapes.count.describe('Unfinished, and yours'),
      overdueTasks: shapes.count.describe('Those of them that should be finished by now'),
      unassignedTasks: shapes.count.describe('Unfinished and nobody’s, in your properties'),
      pendingApprovals: shapes.count.describe('Transactions of your properties that wait for a decision'),
    }),
  })
  .meta({ id: 'UserBootstrap' });
type Gathered = Omit<z.output<typeof userBootstrapAnswer>, 'permissions'>;

/** What a client has to know of its user before anything else. */
export class GetUserBootstrap extends Query<Snapshot<Gathered>> {
  constructor(
    readonly principal: Principal,
    readonly now: Date,
    readonly minPosition: number,
  ) {
    super();
  }
}

@QueryHandler(GetUserBootstrap)
export class GetUserBootstrapHandler implements IQueryHandler<GetUserBootstrap> {
  constructor(
    private readonly reader: Reader,
    private readonly members: MemberPort,
    private readonly tasks: TaskPort,
    private readonly transactions: TransactionPort,
  ) {}

  execute({ principal, now, minPosition }: GetUserBootstrap): Promise<Snapshot<Gathered>> {
    const { organizationId, userId } = principal;
    return this.reader.gather({ organizationId, minPosition }, async (port) => {
      const member = (await this.members.find(port, [userId])).get(userId);
      if (!member) throw notFound('user');
      const { id, name, email, role, properties } = member;
      const [tasks, pendingApprovals] = await Promise.all([
        this.tasks.counts(port, userId, properties, now),
        this.transactions.countPending(port, properties),
      ]);
      const { mine, mineOverdue, unassigned } = tasks;
      const counts = { tasks: mine, overdueTasks: mineOverdue, unassignedTasks: unassigned, pendingApprovals };
      return { user: { id, name, email }, role, properties, counts };
    });
  }
}
