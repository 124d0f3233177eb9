import { DomainError } from '@innkeep/contracts';
import * as fc from 'fast-check';
import type { FastifyRequest } from 'fastify';
import { parseFields, sparse } from './sparse-answers';

const available = ['id', 'name', 'currency'];

describe('fields=', () => {
  it('names some fields, in any order, each once', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(available, { minLength: 1 }), (names) => {
        expect(parseFields(names.join(','), available)).toEqual(names);
      }),
    );
  });

  it.each([
    ['an unknown one', 'id,secret', ['"secret" is not known']],
    ['nothing', '', ['"" is not known']],
    ['a gap', 'id,,name', ['"" is not known']],
    ['another case', 'ID', ['"ID" is not known']],
    ['a space', 'id, name', ['" name" is not known']],
    ['one twice', 'id,name,id', ['"id" is named twice']],
    ['a way to a prototype', '__proto__,constructor', ['"__proto__" is not known', '"constructor" is not known']],
    ['a path', 'id.name', ['"id.name" is not known']],
    ['very many', 'id,name,currency,'.repeat(1_000), ['"id" is named twice']],
    ['a very long one', 'x'.repeat(10_000), [`"${'x'.repeat(50)}" is not known`]],
  ])('is refused with %s', (_what, given, details) => {
    let refused: unknown;
    try {
      parseFields(given, available);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(DomainError);
    const { problem, extra } = refused as DomainError;
    expect([problem.name, problem.status]).toEqual(['unknown-field', 400]);
    expect(extra.errors).toEqual(details.map((detail) => ({ pointer: 'fields', detail })));
  });

  const ask = (fields: string[] | undefined, body: object) =>
    sparse({ fields, routeOptions: { config: { rules: { fields: available } } } } as unknown as FastifyRequest, body);

  it('leaves of a list the fields of its entries, and what is beside them', () => {
    const list = {
      data: [
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
      ],
      nextCursor: null,
    };
    expect(ask(['name'], list)).toEqual({
      body: { data: [{ name: 'a' }, { name: 'b' }], nextCursor: null },
      headers: { 'x-fields-available': 'id, name, currency', 'x-fields-returned': 'name' },
    });
    expect(ask(undefined, list)).toEqual({ body: list, headers: { 'x-fields-available': 'id, name, currency' } });
  });

  it('leaves of anything else its members, and says which of them there are', () => {
    expect(ask(['currency', 'id'], { id: 1, name: 'a' })).toEqual({
      body: { id: 1 },
      headers: { 'x-fields-available': 'id, name, currency', 'x-fields-returned': 'id' },
    });
  });
});
