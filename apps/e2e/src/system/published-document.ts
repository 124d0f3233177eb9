import { z } from 'zod';

interface Schema {
  readonly required?: unknown;
  readonly [keyword: string]: unknown;
}

interface Response {
  readonly content?: Readonly<Record<string, { schema: Schema }>>;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean; readonly schema: Schema }>>;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, Response>>;
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

/** The headers of answers that are this API's own to explain. */
const explained =
  /^(x-request-id|innkeep-.+|etag|last-modified|idempotent-replayed|ratelimit.*|x-ratelimit-.+|retry-after|x-fields-.+)$/;

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
    const [, query = ''] = path.split('?', 2) as [string, string?];
    const operation = this.find(method, path);
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

  /** What is wrong with the headers of an answer by the document; nothing if it is about no operation of it. */
  headerProblemsOf(method: string, path: string, status: number, headers: Headers): string[] {
    const operation = this.find(method, path);
    if (!operation) return [];
    const { responses } = operation.at;
    const described = new Map(
      Object.entries((responses[String(status)] ?? responses.default)?.headers ?? {}).map(([name, header]) => [
        name.toLowerCase(),
        header,
      ]),
    );
    const place = `${operation.name} ${status}`;
    const unknown = [...headers.keys()].filter((name) => explained.test(name) && !described.has(name));
    const missing = [...described].filter(([name, { required }]) => required && !headers.has(name));
    const wrong = [...described].filter(([name, { schema }]) => {
      const given = headers.get(name);
      const value = schema.type === 'integer' ? Number(given) : given;
      return given !== null && !this.validator(`header ${name}`, schema, false).safeParse(value).success;
    });
    return [
      ...unknown.map((name) => `${place}: the header ${name} is not documented`),
      ...missing.map(([name]) => `${place}: the header ${name} is missing`),
      ...wrong.map(([name]) => `${place}: the header ${name} is not as documented: ${headers.get(name)}`),
    ];
  }

  /** Whether an operation is documented to take a header. */
  takesHeader(name: string, header: string): boolean {
    const operation = this.operations.find((one) => one.name === name);
    return (operation?.at.parameters ?? []).some((one) => one.in === 'header' && one.name === header);
  }

  private find(method: string, path: string) {
    const [address] = path.split('?', 1) as [string];
    return this.operations.find((one) => one.name.startsWith(`${method} `) && one.path.test(address));
  }

  private validator(name: string, schema: Schema, isSparse: boolean): z.ZodType {
    const known = this.validators.get(name);
    if (known) return known;
    const made = z.fromJSONSchema((isSparse ? relaxed(schema) : schema) as never);
    this.validators.set(name, made);
    return made;
  }
}
