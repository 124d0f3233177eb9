import {
  Answers,
  Cursors,
  Route,
  commandContext,
  fieldsOf,
  ifMatchVersion,
  personalAnswer,
  principalOf,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, Get, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AssignTask, assignTaskBody } from './assign-task/assign-task.command';
import { ListComments, commentPage, listCommentsQuery } from './list-comments/list-comments.query';
import { MoveTask, moveTaskBody } from './move-task/move-task.command';
import { commentAnswer, taskAnswer } from './task.answers';
import { TickItem, tickItemBody } from './tick-item/tick-item.command';
import { WriteComment, writeCommentBody } from './write-comment/write-comment.command';

/** What happens to a task while it is done. */
@ApiTags('tasks')
@Controller('v1/tasks/:id')
export class TaskProgressController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Put('status')
  @Route({
    allow: ['owner', 'manager', 'staff'],
    summary: 'Take a task to another status',
    answer: taskAnswer,
    takesIfMatch: true,
    description:
      'From `open` and `in-progress` to any other; from `blocked` to `open`, `in-progress` or `cancelled`; what is `done` or `cancelled` can be opened again.',
  })
  async move(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: moveTaskBody }) { status }: z.output<typeof moveTaskBody>,
  ) {
    const command = new MoveTask(commandContext(request), id, status, ifMatchVersion(request));
    this.answers.committed(reply, 200, await this.commands.execute(command));
  }

  @Put('assignee')
  @Route({
    allow: ['owner', 'manager', 'staff'],
    summary: 'Give a task to somebody, or to nobody',
    answer: taskAnswer,
    takesIfMatch: true,
    description: 'To members who look after its property and may change something. What is nobody’s, anybody may take.',
  })
  async assign(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: assignTaskBody }) { assigneeId }: z.output<typeof assignTaskBody>,
  ) {
    const command = new AssignTask(commandContext(request), id, assigneeId, ifMatchVersion(request));
    this.answers.committed(reply, 200, await this.commands.execute(command));
  }

  @Put('checklist/:itemId')
  @Route({
    allow: ['owner', 'manager', 'staff'],
    summary: 'Tick an item of a checklist, or untick it',
    answer: taskAnswer,
    takesIfMatch: true,
    description: 'Without If-Match, two people who tick two items at the same time both succeed.',
  })
  async tick(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Param('itemId', { schema: uuidParameter }) itemId: string,
    @Body({ schema: tickItemBody }) { isDone }: z.output<typeof tickItemBody>,
  ) {
    const command = new TickItem(commandContext(request), id, itemId, isDone, ifMatchVersion(request));
    this.answers.committed(reply, 200, await this.commands.execute(command));
  }

  @Post('comments')
  @Route({ allow: ['owner', 'manager', 'staff'], summary: 'Say something about a task', answer: commentAnswer })
  async comment(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: writeCommentBody }) { text }: z.output<typeof writeCommentBody>,
  ) {
    const command = new WriteComment(commandContext(request), id, text);
    this.answers.committed(reply, 201, await this.commands.execute(command));
  }

  @Get('comments')
  @Route({
    allow: 'signed-in',
    summary: 'List what was said about a task, the earliest first',
    answer: commentPage,
    fields: fieldsOf(commentPage),
  })
  async comments(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Query({ schema: listCommentsQuery }) query: z.output<typeof listCommentsQuery>,
  ) {
    const principal = principalOf(request);
    const list = `comments ${principal.organizationId} ${id}`;
    const after = query.cursor ? String(this.cursors.decode(list, query.cursor)[0]) : null;
    const { rows, ...freshness } = await this.queries.execute(
      new ListComments(principal, id, after, query.limit + 1, request.minPosition),
    );
    personalAnswer(reply, this.cursors.pageOf(list, rows, query.limit), freshness);
  }
}
