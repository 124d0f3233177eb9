import {
  Answers,
  Cursors,
  Route,
  commandContext,
  fieldsOf,
  personalAnswer,
  principalOf,
  uuidParameter,
} from '@innkeep/platform/http';
import { Body, Controller, Get, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AddCategory, addCategoryBody } from './add-category/add-category.command';
import { type CategoryInput, categoryAnswer } from './category';
import { ChangeCategory, changeCategoryBody } from './change-category/change-category.command';
import { ListCategories, categoryPage, listCategoriesQuery } from './list-categories/list-categories.query';

/** The categories of an organization. */
@ApiTags('finance')
@Controller('v1/finance/categories')
export class CategoriesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly answers: Answers,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Add a category',
    description: 'Transactions name it; a word that is no category is taken as it is. Its name is never changed.',
    answer: categoryAnswer,
  })
  async add(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body({ schema: addCategoryBody }) body: CategoryInput,
  ) {
    this.answers.committed(reply, 201, await this.commands.execute(new AddCategory(commandContext(request), body)));
  }

  @Get()
  @Route({
    allow: 'signed-in',
    summary: 'List the categories, also archived ones',
    answer: categoryPage,
    fields: fieldsOf(categoryPage),
  })
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: listCategoriesQuery }) { cursor, limit }: z.output<typeof listCategoriesQuery>,
  ) {
    const principal = principalOf(request);
    const list = `categories ${principal.organizationId}`;
    const after = cursor ? String(this.cursors.decode(list, cursor)[0]) : null;
    const query = new ListCategories(principal, after, limit + 1, request.minPosition);
    const { rows, ...freshness } = await this.queries.execute(query);
    personalAnswer(reply, this.cursors.pageOf(list, rows, limit), freshness);
  }

  @Patch(':id')
  @Route({
    allow: ['owner', 'manager'],
    summary: 'Archive a category, or take it out of the archive',
    description: 'An archived one stays where it was used and takes nothing new.',
    answer: categoryAnswer,
  })
  async change(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id', { schema: uuidParameter }) id: string,
    @Body({ schema: changeCategoryBody }) { isArchived }: z.output<typeof changeCategoryBody>,
  ) {
    const command = new ChangeCategory(commandContext(request), id, isArchived);
    this.answers.committed(reply, 200, await this.commands.execute(command));
  }
}
