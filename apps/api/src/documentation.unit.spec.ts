import 'reflect-metadata';
import { Route, fieldsOf, pageOf, shapes } from '@innkeep/platform/http';
import { Body, Controller, Get, HttpCode, Module, Patch, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { describeApi } from './documentation';

const greeting = z
  .object({ id: shapes.numericId, text: shapes.text('hello'), at: shapes.instant })
  .meta({ id: 'Greeting' });
const greetings = pageOf(greeting);
const greetingBody = z.strictObject({ text: z.string() }).meta({ example: { text: 'hello' } });
const greets = { allow: 'signed-in', summary: 'Greets' } as const;

async function describing(controller: new () => object) {
  @Module({ controllers: [controller] })
  class Greetings {}
  const app = await NestFactory.create<NestFastifyApplication>(Greetings, new FastifyAdapter(), { logger: false });
  try {
    return describeApi(app);
  } finally {
    await app.close();
  }
}

describe('the description of the API', () => {
  it('has what routes answer, with an example, and refers to what has a name', async () => {
    @Controller('greetings')
    class WelcomeController {
      @Get()
      @Route({ ...greets, answer: greetings, fields: fieldsOf(greetings) })
      list() {}

      @Post()
      @HttpCode(204)
      @Route(greets)
      greet(@Body({ schema: greetingBody }) _body: unknown) {}
    }
    const { paths, components } = await describing(WelcomeController);
    const { get, post } = paths['/greetings']! as Record<string, { responses: object; requestBody?: object }>;
    expect(get!.responses).toMatchObject({
      200: {
        content: {
          'application/json': {
            schema: { properties: { data: { items: { $ref: '#/components/schemas/Greeting' } } } },
            example: { data: [{ id: 1000, text: 'hello', at: '2026-03-14T09:26:53.589Z' }] },
          },
        },
      },
    });
    expect(Object.keys(post!.responses)).toEqual(['204', '400', '401', '403', '413', '415', '429', '503', 'default']);
    expect(post!.requestBody).toMatchObject({ content: { 'application/json': { example: { text: 'hello' } } } });
    expect(components!.schemas!.Greeting).toMatchObject({ additionalProperties: false });
    expect(JSON.stringify(components!.schemas!.Greeting)).not.toContain('pattern');
  });

  it('has the headers that follow from what a route declares', async () => {
    @Controller('greetings/one')
    class OneController {
      @Get()
      @Route({ ...greets, answer: greeting, isVersioned: true })
      get() {}

      @Patch()
      @Route({ ...greets, answer: greeting, isVersioned: true, takesIfMatch: true, isKeyRequired: true })
      change(@Body({ schema: greetingBody }) _body: unknown) {}
    }
    const { paths } = await describing(OneController);
    const { get, patch } = paths['/greetings/one']! as unknown as Record<
      string,
      {
        parameters: { name: string; in: string; required: boolean }[];
        responses: Record<string, { headers: Record<string, object> }>;
      }
    >;
    const taken = ({ parameters }: typeof get & object) => parameters.map(({ name, required }) => [name, required]);
    expect(taken(get!)).toEqual([
      ['If-None-Match', false],
      ['If-Modified-Since', false],
      ['Innkeep-Min-Position', false],
    ]);
    expect(taken(patch!)).toEqual([
      ['Idempotency-Key', true],
      ['If-Match', false],
    ]);
    expect(Object.keys(get!.responses['200']!.headers)).toEqual([
      ...['X-Request-Id', 'Innkeep-Position', 'ETag', 'Last-Modified'],
    ]);
    expect(get!.responses['304']).toMatchObject({ headers: { ETag: { $ref: '#/components/headers/ETag' } } });
    expect(patch!.responses['200']!.headers).toMatchObject({
      ETag: { $ref: '#/components/headers/ETag-Of-Change' },
      'Idempotent-Replayed': {},
      'RateLimit-Policy': {},
    });
    expect(Object.keys(patch!.responses)).toContain('412');
  });

  it('fails for a route that does not say what it answers', async () => {
    @Controller('greetings')
    class CurtController {
      @Get()
      @Route(greets)
      list() {}
    }
    await expect(describing(CurtController)).rejects.toThrow(/Curt_list answers 200 and does not declare what/);
  });

  it('fails for a text without an example, in an answer or in a body', async () => {
    @Controller('greetings')
    class VagueController {
      @Get()
      @Route({ ...greets, answer: z.object({ text: z.string() }) })
      list() {}
    }
    await expect(describing(VagueController)).rejects.toThrow('Vague_list 200/text has no example');

    @Controller('greetings')
    class SilentController {
      @Post()
      @HttpCode(204)
      @Route(greets)
      greet(@Body({ schema: z.strictObject({ text: z.string() }) }) _body: unknown) {}
    }
    await expect(describing(SilentController)).rejects.toThrow('The body of Silent_greet has no example');
  });
});

describe('what fields= may choose from', () => {
  it('is what the entries of a list have, or else the answer', () => {
    expect(fieldsOf(greetings)).toEqual(['id', 'text', 'at']);
    expect(fieldsOf(greeting)).toEqual(['id', 'text', 'at']);
  });
});
