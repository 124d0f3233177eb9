import addFormats from 'ajv-formats';
import { Ajv2020 as Ajv, type ValidateFunction } from 'ajv/dist/2020';

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

/** The document with what it refers to put in its place. */
function resolved(value: unknown, root: Raw): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, root));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, ...members } = value as Raw;
  if (typeof $ref === 'string') {
    const target = $ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => (at as Raw)[key], root);
    return resolved(target, root);
  }
  return Object.fromEntries(Object.entries(members).map(([key, item]) => [key, resolved(item, root)]));
}

const patternOf = (template: string) =>
  new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

interface RawOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly security?: readonly Raw[];
  readonly responses: Readonly<Record<string, Content>>;
}

/** Reads `/openapi.json` as it is served. */
export async function readDocument(url: string): Promise<ApiDocument> {
  const raw = (await (await fetch(`${url}/openapi.json`)).json()) as Raw;
  const paths = resolved(raw.paths, raw) as Record<string, Record<string, RawOperation>>;
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
      operations.some((one) => one.method === method && patternOf(one.template).test(path.split('?', 1)[0]!)),
    methodsAt: (template) => operations.filter((one) => one.template === template).map(({ method }) => method),
  };
}

// The document is of OpenAPI 3.1, whose schemas are of JSON Schema 2020-12 with words of their own.
const ajv = addFormats(new Ajv({ strict: false, allErrors: true, validateSchema: false }));
const validators = new WeakMap<Schema, ValidateFunction>();

/** Whether a value is what a schema of the document describes. */
export function fits(schema: Schema, value: unknown): boolean {
  return problemsOf(schema, value).length === 0;
}

const relaxedSchemas = new WeakMap<Schema, Schema>();

/** A schema without what it requires: what `fields=` leaves of an answer is as described, but not all of it. */
export function relaxed(schema: Schema): Schema {
  let made = relaxedSchemas.get(schema);
  if (!made) relaxedSchemas.set(schema, (made = withoutRequired(schema) as Schema));
  return made;
}

function withoutRequired(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRequired);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([key, member]) => !(key === 'required' && Array.isArray(member)));
  return Object.fromEntries(members.map(([key, member]) => [key, withoutRequired(member)]));
}

/** What is wrong with a value, by a schema of the document. */
export function problemsOf(schema: Schema, value: unknown): string[] {
  let validate = validators.get(schema);
  if (!validate) validators.set(schema, (validate = ajv.compile(schema)));
  return validate(value) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** A value of a query or a path as the schema sees it: text, the number that it spells, or what stands between its commas. */
export function spelled({ type }: Schema, text: string): unknown {
  const types = [type].flat();
  if (types.includes('integer') || types.includes('number')) return /^(0|[1-9]\d*)$/.test(text) ? Number(text) : text;
  if (types.includes('array')) return text.split(',');
  if (types.includes('boolean')) return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}
