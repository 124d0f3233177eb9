import {
  type Principal,
  type Tag,
  cacheFamilies,
  maySeeProperty,
  organizationTags,
  propertyTags,
  tags,
} from '@innkeep/contracts';
import {
  Answers,
  Cursors,
  Route,
  cached,
  commandContext,
  fieldsOf,
  ifMatchVersion,
  notFound,
  principalOf,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ChangeTask, changeTaskBody } from './change-task/change-task.command';
import { CreateTask, createTaskBody } from './create-task/create-task.command';
import { GetBoard, boardAnswer, boardQuery } from './get-board/get-board.query';
import { GetTask } from './get-task/get-task.query';
import { ListTasks, type TaskFilter, listTasksQuery, taskPage } from './list-tasks/list-tasks.query';
import type { TaskChanges, TaskInput } from './task.input';
import { taskAnswer } from './task.answers';

const tagsOf = ({ organizationId }: Principal, propertyId: number | undefined, ofAll: readonly Tag[]): Tag[] =>
  propertyId === undefined
    ? organizationTags(organizationId, [tags.organizationTasks(organizationId), ...ofAll])
    : propertyTags(organizationId, propertyId, [tags.propertyTasks(propertyId)]);

const listCache = cached({
  family: cacheFamilies.tasks,
  tags: (principal, { propertyId }: { readonly propertyId?: number }) => tagsOf(principal, propertyId, []),
});

/** The board says what is overdue now, and shows the names of properties. */
const boardCache = cached({
  family: cacheFamilies.tasks,
  tags: (principal, { propertyId }: { readonly propertyId?: number }) =>
    tagsOf(principal, propertyId, [tags.organizationProperties(principal.organizationId)]),
  isTimed: true,
});

@ApiTags('tasks')
@Controller('v1/tasks')
export class TasksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @Route({
    allow: ['owner', 'manager', 'staff'],
    summary: 'Make a task',
    answer: taskAnswer,
    description:
      'Due on a business day of the property (`dueOn`) or at a moment (`dueAt`), or at no time. With `recurrence` it is the first of a series: the next one is made when its business day begins.',
    isVersioned: true,
  })
  async create(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: createTaskBody }) body: TaskInput,
  ) {
    const committed = await this.commands.execute(new CreateTask(commandContext(request), body));
    this.answers.committed(reply, 201, committed, { etag: `"${committed.version}"` });
  }

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List tasks, what is due first before the others',
    answer: taskPage,
    description: 'What is due at no time comes last.',
    cache: listCache,
    fields: fieldsOf(taskPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listTasksQuery }) filter: TaskFilter,
  ) {
    const principal = principalOf(request);
    if (filter.propertyId !== undefined && !maySeeProperty(principal, filter.propertyId)) throw notFound('property');
    const { cursor, limit: _limit, ...rest } = filter;
    const list = JSON.stringify(['tasks', principal.organizationId, rest]);
    const after = cursor === undefined ? undefined : (this.cursors.decode(list, cursor) as [string, string]);
    const answerTags = listCache.tags(principal, filter);
    const { rows, ...freshness } = await this.queries.execute(
      new ListTasks(principal, filter, after, request.minPosition, answerTags),
    );
    const { data, next, isKnown } = rows[0]!;
    if (!isKnown) throw notFound('property');
    const nextCursor = next && this.cursors.encode(list, next);
    this.answers.read(request, reply, { body: { data, nextCursor }, freshness, tags: answerTags, shape: 'tasks.1' });
  }

  @Get('board')
  @Route({
    allow: 'signed-in',
    summary: 'What is overdue, and how many tasks each property has',
    answer: boardAnswer,
    description: '`position` is the version of your organization that is in it, `asOf` when it was read.',
    cache: boardCache,
    fields: fieldsOf(boardAnswer),
    isRevalidated: true,
  })
  async board(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: boardQuery }) query: z.output<typeof boardQuery>,
  ) {
    const principal = principalOf(request);
    if (query.propertyId !== undefined && !maySeeProperty(principal, query.propertyId)) throw notFound('property');
    const answerTags = boardCache.tags(principal, query);
    const asOf = new Date();
    const { rows, ...freshness } = await this.queries.execute(
      new GetBoard(principal, asOf, query, request.minPosition, answerTags),
    );
    const { isKnown, secondsLeft, ...board } = rows[0]!;
    if (!isKnown) throw notFound('property');
    this.answers.read(request, reply, {
      body: { ...board, position: freshness.position, asOf },
      freshness,
      secondsLeft,
      tags: answerTags,
      // Time alone makes tasks overdue, and nothing happens in the log.
      shape: `tasks-board.1 ${board.overdueCount}`,
    });
  }

  @Get(':id')
  @Route({
    allow: 'signed-in',
    summary: 'Get a task',
    answer: taskAnswer,
    isVersioned: true,
    fields: fieldsOf(taskAnswer),
  })
  async get(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
  ) {
    const { rows, ...freshness } = await this.queries.execute(
      new GetTask(principalOf(request), id, request.minPosition),
    );
    this.answers.item(request, reply, rows[0]!, freshness);
  }

  @Patch(':id')
  @Route({
    allow: ['owner', 'manager', 'staff'],
    summary: 'Change what a task says',
    answer: taskAnswer,
    isVersioned: true,
    takesIfMatch: true,
    description:
      'Staff change the tasks that they created or that are theirs. `recurrence: null` ends the series. With If-Match, only if it is still the version you read.',
  })
  async change(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: changeTaskBody }) body: TaskChanges,
  ) {
    const command = new ChangeTask(commandContext(request), id, body, ifMatchVersion(request));
    const committed = await this.commands.execute(command);
    this.answers.committed(reply, 200, committed, { etag: `"${committed.version}"` });
  }
}
