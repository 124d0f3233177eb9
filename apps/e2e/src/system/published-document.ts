import { dereferenced, pathPattern, relaxed, schemaProblems } from '@innkeep/testing';

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

/** The document at `/openapi.json`, to hold answers against it. */
export class PublishedDocument {
  private readonly operations: readonly { readonly name: string; readonly path: RegExp; readonly at: Operation }[];

  constructor(text: string) {
    const raw = JSON.parse(text) as Record<string, unknown>;
    const paths = dereferenced(raw.paths, raw) as Document['paths'];
    // A path without parameters goes before one with them.
    const templates = Object.keys(paths).sort((a, b) => a.split('{').length - b.split('{').length);
    this.operations = templates.flatMap((template) =>
      Object.entries(paths[template]!).map(([method, at]) => ({
        name: `${method.toUpperCase()} ${template}`,
        path: pathPattern(template),
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
    const problems = schemaProblems(isSparse ? relaxed(schema) : schema, body());
    return problems.map((problem) => `${operation.name} ${status}: ${problem}`);
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
      return given !== null && schemaProblems(schema, value).length > 0;
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
}
