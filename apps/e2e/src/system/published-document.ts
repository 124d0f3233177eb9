import { z } from 'zod';

interface Schema {
  readonly required?: unknown;
  readonly [keyword: string]: unknown;
}

interface Operation {
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, { schema: Schema }>> }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Told {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly mediaType: string;
  readonly body: () => unknown;
}

/** The document with what it refers to put in its place. */
function resolved(value: unknown, root: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, root));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref } = value as { $ref?: unknown };
  if (typeof $ref === 'string') {
    const steps = $ref.slice('#/'.length).split('/');
    return resolved(
      steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], root),
      root,
    );
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolved(member, root)]));
}

/** A schema without what it requires: what `fields=` leaves of an answer is as described, but not all of it. */
function relaxed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relaxed);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([key, member]) => !(key === 'required' && Array.isArray(member)));
  return Object.fromEntries(members.map(([key, member]) => [key, relaxed(member)]));
}

/** The document at `/openapi.json`, to hold answers against it. */
export class PublishedDocument {
  private readonly operations: readonly { readonly name: string; readonly path: RegExp; readonly at: Operation }[];
  private readonly validators = new Map<string, z.ZodType>();

  constructor(text: string) {
    const raw = JSON.parse(text) as Record<string, unknown>;
    const { paths } = resolved(raw, raw) as Document;
    // A path without parameters goes before one with them.
    const templates = Object.keys(paths).sort((a, b) => a.split('{').length - b.split('{').length);
    this.operations = templates.flatMap((template) =>
      Object.entries(paths[template]!).map(([method, at]) => ({
        name: `${method.toUpperCase()} ${template}`,
        path: new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
        at,
      })),
    );
  }

  /** What is wrong with a 2xx answer by the document; nothing if it is about no operation of it. */
  problemsOf({ method, path, status, mediaType, body }: Told): string[] {
    const [address, query = ''] = path.split('?', 2) as [string, string?];
    const operation = this.operations.find((one) => one.name.startsWith(`${method} `) && one.path.test(address));
    if (!operation) return [];
    const response = operation.at.responses[String(status)];
    if (!response) return [`${operation.name} is not documented to answer ${status}`];
    const schema = response.content?.[mediaType]?.schema;
    if (!schema)
      return status === 204 ? [] : [`${operation.name} is not documented to answer ${status} in ${mediaType}`];
    const isSparse = new URLSearchParams(query).has('fields');
    const { error } = this.validator(`${operation.name} ${status} ${isSparse}`, schema, isSparse).safeParse(body());
    return (error?.issues ?? []).map((issue) => `${operation.name} ${status}: ${JSON.stringify(issue)}`);
  }

  private validator(name: string, schema: Schema, isSparse: boolean): z.ZodType {
    const known = this.validators.get(name);
    if (known) return known;
    const made = z.fromJSONSchema((isSparse ? relaxed(schema) : schema) as never);
    this.validators.set(name, made);
    return made;
  }
}
