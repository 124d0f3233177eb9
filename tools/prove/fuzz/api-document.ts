import { dereferenced, pathPattern, schemaProblems } from '@innkeep/testing';

/** A schema of the document; what is not named here is handed on as it is. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

/** An operation of the document: what it takes, and what it may answer. */
export interface Operation {
  /** `POST /v1/finance/expenses`. */
  readonly name: string;
  readonly method: string;
  readonly template: string;
  readonly parameters: readonly Parameter[];
  readonly body?: Schema;
  /** Which token it takes, if it takes one. */
  readonly token?: 'accessToken' | 'operatorToken';
  readonly responses: Readonly<Record<string, Content>>;
}

/** The operations of the document, and the methods that each path is documented with. */
export interface ApiDocument {
  readonly operations: readonly Operation[];
  methodsAt(template: string): readonly string[];
  /** Whether some operation takes this method at this path, also by another template. */
  takes(method: string, path: string): boolean;
}

type Raw = Record<string, unknown>;

interface RawOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly security?: readonly Raw[];
  readonly responses: Readonly<Record<string, Content>>;
}

/** Reads `/openapi.json` as it is served. */
export async function readDocument(url: string): Promise<ApiDocument> {
  const raw = (await (await fetch(`${url}/openapi.json`)).json()) as Raw;
  const paths = dereferenced(raw.paths, raw) as Record<string, Record<string, RawOperation>>;
  // A stream has no end to wait for.
  const isStream = ({ responses }: RawOperation) => Object.hasOwn(responses['200']?.content ?? {}, 'text/event-stream');
  const operations = Object.entries(paths).flatMap(([template, item]) =>
    Object.entries(item)
      .filter(([, operation]) => !isStream(operation))
      .map(([method, { parameters = [], requestBody, security, responses }]): Operation => ({
        name: `${method.toUpperCase()} ${template}`,
        method: method.toUpperCase(),
        template,
        parameters,
        body: requestBody?.content?.['application/json']?.schema,
        token: security?.flatMap((entry) => Object.keys(entry))[0] as Operation['token'],
        responses,
      })),
  );
  return {
    operations,
    takes: (method, path) =>
      operations.some((one) => one.method === method && pathPattern(one.template).test(path.split('?', 1)[0]!)),
    methodsAt: (template) => operations.filter((one) => one.template === template).map(({ method }) => method),
  };
}

/** Whether a value is what a schema of the document describes. */
export const fits = (schema: Schema, value: unknown): boolean => schemaProblems(schema, value).length === 0;

/** A value of a query or a path as the schema sees it: text, the number that it spells, or what stands between its commas. */
export function spelled({ type }: Schema, text: string): unknown {
  const types = [type].flat();
  if (types.includes('integer') || types.includes('number')) return /^(0|[1-9]\d*)$/.test(text) ? Number(text) : text;
  if (types.includes('array')) return text.split(',');
  if (types.includes('boolean')) return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}
