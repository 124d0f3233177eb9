import { createRequire } from 'node:module';
import type * as Formats from 'ajv-formats';
import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020';

type Members = Readonly<Record<string, unknown>>;

let ajv: Ajv2020 | undefined;
const validators = new WeakMap<object, ValidateFunction>();
const relaxedSchemas = new WeakMap<object, object>();

/** A part of a document with what it refers to put in its place. */
export function dereferenced(value: unknown, root: Members): unknown {
  if (Array.isArray(value)) return value.map((item) => dereferenced(item, root));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, ...members } = value as Members;
  if (typeof $ref === 'string') {
    const steps = $ref.slice('#/'.length).split('/');
    return dereferenced(
      steps.reduce<unknown>((at, step) => (at as Members)[step], root),
      root,
    );
  }
  return Object.fromEntries(Object.entries(members).map(([key, item]) => [key, dereferenced(item, root)]));
}

/** What paths a template such as `/v1/tasks/{id}` stands for. */
export const pathPattern = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

/** Loaded by who needs it: every test imports this library, and few hold anything against the document. */
function validator(): Ajv2020 {
  if (ajv) return ajv;
  const load = createRequire(__filename);
  const { Ajv2020: Ajv } = load('ajv/dist/2020') as { Ajv2020: typeof Ajv2020 };
  const { default: addFormats } = load('ajv-formats') as typeof Formats;
  // An OpenAPI 3.1 document's schemas are of JSON Schema 2020-12, with words of their own.
  ajv = addFormats(new Ajv({ strict: false, allErrors: true, validateSchema: false }));
  return ajv;
}

/** What is wrong with a value, by a schema without references. */
export function schemaProblems(schema: object, value: unknown): string[] {
  let validate = validators.get(schema);
  if (!validate) validators.set(schema, (validate = validator().compile(schema)));
  return validate(value) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** A schema without what it requires: what `fields=` leaves of an answer is as described, but not all of it. */
export function relaxed<Schema extends object>(schema: Schema): Schema {
  let made = relaxedSchemas.get(schema);
  if (!made) relaxedSchemas.set(schema, (made = withoutRequired(schema) as object));
  return made as Schema;
}

function withoutRequired(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRequired);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([key, member]) => !(key === 'required' && Array.isArray(member)));
  return Object.fromEntries(members.map(([key, member]) => [key, withoutRequired(member)]));
}
