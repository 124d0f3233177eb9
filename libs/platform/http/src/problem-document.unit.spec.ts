import { DomainError } from '@innkeep/contracts';
import { NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import fastify, { type FastifyInstance } from 'fastify';
import { httpProblems, invalidRequest, notFound } from './http.problems';
import { sendProblem, toDomainError } from './problem-document';

describe('a problem document', () => {
  let server: FastifyInstance;
  let thrown: unknown;
  beforeAll(async () => {
    server = fastify({ genReqId: () => 'request-1' });
    server.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
    server.get('/things/:id', () => {
      throw thrown;
    });
    await server.ready();
  });
  afterAll(() => server.close());

  const answerTo = async (error: unknown) => {
    thrown = error;
    return server.inject('/things/7?secret=1');
  };

  it('says what is wrong, where, and under which request', async () => {
    const response = await answerTo(invalidRequest([{ pointer: '/amountCents', detail: 'is too small' }], 'Mend it.'));
    expect(response.statusCode).toBe(400);
    expect(response.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(response.json()).toEqual({
      type: '/problems/invalid-request',
      title: 'The request does not fit the schema',
      status: 400,
      code: 'invalid-request',
      detail: 'Mend it.',
      instance: '/things/7',
      requestId: 'request-1',
      errors: [{ pointer: '/amountCents', detail: 'is too small' }],
    });
  });

  it('carries the headers and members of its error', async () => {
    const error = new DomainError(httpProblems['rate-limit-exceeded'], 'Slow down.', {
      headers: { 'retry-after': '7' },
      members: { details: { remaining: 0 } },
    });
    const response = await answerTo(error);
    expect([response.statusCode, response.headers['retry-after'], response.json().details]).toEqual([
      429,
      '7',
      { remaining: 0 },
    ]);
  });

  it.each([
    ['an error of the database', Object.assign(new Error('relation "secrets" does not exist'), { code: '42P01' })],
    ['a mistake of ours', new TypeError("Cannot read properties of undefined (reading 'password')")],
    ['something that is no error', 'a string'],
    ['an error that pretends to be fine', Object.assign(new Error('no'), { statusCode: 200 })],
  ])('says nothing of the inside when it was %s', async (_what, error) => {
    const response = await answerTo(error);
    expect([response.statusCode, response.json().code]).toEqual([500, 'internal-error']);
    expect(response.body).not.toMatch(/secrets|password|at |\.ts/);
  });

  it.each([
    ['a missing route of Nest', new NotFoundException(), 'not-found'],
    ['a parser that gave up', Object.assign(new Error(), { statusCode: 400 }), 'invalid-request'],
    ['an answer of Nest that has no page', new ServiceUnavailableException(), 'internal-error'],
    ['one of ours', notFound('thing'), 'not-found'],
  ])('knows %s', (_what, error, name) => {
    expect(toDomainError(error).problem.name).toBe(name);
  });

  it('tells an absent thing and another organization’s apart by nothing', () => {
    expect(notFound('thing').message).toBe('There is no thing by this id that you can see.');
  });
});
