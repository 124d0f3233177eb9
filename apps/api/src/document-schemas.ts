import { z } from 'zod';

/** A JSON schema, as far as it is looked at here. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  $schema?: string;
  id?: string;
  type?: string;
  description?: string;
  format?: string;
  pattern?: string;
  readOnly?: boolean;
  minimum?: number;
  maximum?: number;
  const?: unknown;
  enum?: unknown[];
  example?: unknown;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
}

export type Components = Record<string, JsonSchema>;

/** Takes out of the schema of an answer what zod says of its own accord and nobody needs: patterns of formats, the bounds of numbers. */
function simplify(schema: JsonSchema): void {
  if (schema.format) delete schema.pattern;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  // Zod's readonly is about our code, not about the client's.
  delete schema.readOnly;
}

/** Points at the components what points inside the schema. */
function repoint(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(repoint);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [
    key,
    key === '$ref' ? String(member).replace('#/$defs/', '#/components/schemas/') : repoint(member),
  ]);
  return Object.fromEntries(entries) as unknown;
}

/** The schema of an answer for the document. What has a name of its own goes into `components` and is referred to. */
export function answerSchema(answer: z.ZodType, components: Components): JsonSchema {
  const { properties, $defs = {} } = z.toJSONSchema(z.object({ answer }), {
    io: 'output',
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => simplify(jsonSchema as JsonSchema),
  }) as JsonSchema;
  for (const [name, { id: _id, ...schema }] of Object.entries($defs)) components[name] = repoint(schema) as JsonSchema;
  return repoint(properties!.answer) as JsonSchema;
}

/** An example of what a schema describes, put together from the examples of its parts. A text without one is an error. */
export function exampleOf(schema: JsonSchema, components: Components, place: string): unknown {
  if ('example' in schema) return schema.example;
  if (schema.$ref) return exampleOf(components[schema.$ref.split('/').at(-1)!]!, components, place);
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return exampleOf(schema.anyOf[0]!, components, place);
  if (schema.items) return [exampleOf(schema.items, components, place)];
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' && schema.minimum !== undefined) return schema.minimum;
  if (schema.type !== 'object') throw new Error(`${place} has no example`);
  const members = Object.entries(schema.properties ?? {});
  return Object.fromEntries(
    members.map(([name, member]) => [name, exampleOf(member, components, `${place}/${name}`)]),
  ) as unknown;
}
