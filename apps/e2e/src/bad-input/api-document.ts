/** A part of a schema, as far as it is looked at here. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

export interface Operation {
  readonly summary?: string;
  readonly requestBody?: Content;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: Schema }[];
  readonly responses: Readonly<Record<string, Content & { readonly headers?: Readonly<Record<string, unknown>> }>>;
}

/** The document at `/openapi.json`, as far as it is looked at here. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** A member of a body or a parameter, by where it is. */
export interface Member {
  readonly operation: string;
  readonly place: string;
  readonly name: string;
  readonly schema: Schema;
}

function* membersOf(schema: Schema | undefined, operation: string, place: string, name: string): Generator<Member> {
  if (!schema) return;
  yield { operation, place, name, schema };
  for (const [key, member] of Object.entries(schema.properties ?? {}))
    yield* membersOf(member, operation, `${place}/${key}`, key);
  yield* membersOf(schema.items, operation, `${place}/0`, name);
  for (const choice of schema.anyOf ?? []) yield* membersOf(choice, operation, place, name);
}

/** Everything that a client may say, by name: parameters and the members of bodies. */
export const allInput = ({ paths }: ApiDocument): Member[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { parameters = [], requestBody }]) => {
      const operation = `${method.toUpperCase()} ${path}`;
      const bodies = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema);
      return [
        ...parameters.flatMap((given) => [...membersOf(given.schema, operation, given.in, given.name)]),
        ...bodies.flatMap((schema) => [...membersOf(schema, operation, 'body', '')]),
      ];
    }),
  );

/** Paths that hold one of these words. */
export const pathsLike = ({ paths }: ApiDocument, words: RegExp): string[] =>
  Object.keys(paths).filter((path) => words.test(path));
