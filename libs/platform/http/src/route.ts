import type { CacheFamily, Principal, Role, Tag } from '@innkeep/contracts';
import { applyDecorators } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiQuery } from '@nestjs/swagger';
import type { z } from 'zod';

/** Who may call a route: anybody, any member signed in, members with one of the roles, or platform operators. */
export type Allow = 'public' | 'signed-in' | 'operator' | readonly Role[];

/** How the answers of a route are kept: how long, and by which tags they are forgotten. */
export interface RouteCache<Query = never> {
  readonly family: CacheFamily;
  /** The tags of the answer to a caller's query; all that it shows is to be found among them. */
  tags(principal: Principal, query: Query): readonly Tag[];
  /** The answer says "today": no process of ours keeps it, because what is kept there knows nothing of the end of a day. */
  readonly isTimed?: boolean;
  /** Roles whose members each get an answer of their own: the key of an answer knows the role and not the person, so nobody keeps these. */
  readonly personalFor?: readonly Role[];
  /** Parameters that hold words of people, as a guest's name: what is asked for by them is not noted among what is often looked at. */
  readonly personalParameters?: readonly string[];
}

/** Whether the answer of a route is this member's alone, and not that of all with the same rights. */
export const isPersonal = ({ personalFor = [] }: Pick<RouteCache, 'personalFor'>, { role }: Principal): boolean =>
  personalFor.includes(role as Role);

/** Declares how the answers of a route are kept, beside the query that they answer. */
export const cached = <Query>(cache: RouteCache<Query>): RouteCache<Query> => cache;

/** What a route declares about itself. A route of the API without a declaration fails the boot. */
export interface RouteRules {
  readonly allow: Allow;
  /** One sentence for the documentation. */
  readonly summary: string;
  readonly description?: string;
  /** The body of success. A route without one answers 204, or it fails the boot. */
  readonly answer?: z.ZodType;
  /** Bodies of success with another status than the usual one, by their status. */
  readonly otherAnswers?: Readonly<Record<number, z.ZodType>>;
  /** A ticket in the query opens it too, for clients that can send no Authorization. */
  readonly takesTicket?: true;
  /** The media types of the bodies, if not application/json alone. */
  readonly mediaTypes?: readonly string[];
  /** Answers may be kept. */
  readonly cache?: RouteCache;
  /** What `fields=` may choose from: the members of each entry of a list, or else of the body. */
  readonly fields?: readonly string[];
  /** Whether a missing Idempotency-Key is refused. */
  readonly isKeyRequired?: boolean;
  /** An Idempotency-Key is not used, because what is answered may not be kept. */
  readonly isKeyUnused?: boolean;
  /** Answers one item under its own version: as a strong ETag, and with the time of its last change where it is read. */
  readonly isVersioned?: boolean;
  /** Has the weak ETag of a list or report, though it is of no family and no process keeps it. */
  readonly isRevalidated?: boolean;
  /** Whether If-Match is looked at. */
  readonly takesIfMatch?: boolean;
  /**
   * Which limits count for it, if not those of reads or of changes: `file` for files behind a link, `none` for what every page of a
   * client loads many of.
   */
  readonly limits?: 'signed-url' | 'file' | 'none';
  /** Whether a body may also be CSV (text/csv): its text is what the route gets. */
  readonly takesCsv?: true;
  /** Takes a file as its body, as it comes in, in one of these media types. */
  readonly takesStream?: readonly string[];
  /** The largest body, in bytes, if not 256 KiB. */
  readonly bodyLimit?: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    rules?: RouteRules;
    /** Whether the route reads its query; one that does not refuses any. */
    takesQuery?: boolean;
  }
}

/** Whether a handler has a parameter for the query: Nest keeps them by kind and place, and they are there before the method is decorated. */
function readsQuery(controller: object, method: string | symbol): boolean {
  const given = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller.constructor, method) ?? {}) as object;
  return Object.keys(given).some((key) => Number(key.split(':', 1)[0]) === (RouteParamtypes.QUERY as number));
}

/** Bodies of bulk routes. */
export const BULK_BODY_LIMIT = 1024 * 1024;

const fieldsParameter = (fields: readonly string[]) =>
  ApiQuery({
    name: 'fields',
    required: false,
    description:
      'Only these fields, separated by commas: of the entries of a list, else of the whole answer. The others are left out, though the schema of the whole answer requires them.',
    style: 'form',
    explode: false,
    schema: { type: 'array', items: { type: 'string', enum: [...fields] }, uniqueItems: true, minItems: 1 },
    example: fields.slice(0, 2),
  });

/** A file as the body of a request. */
const streamedBody = (mediaTypes: readonly string[]) => [
  ApiConsumes(...mediaTypes),
  ApiBody({ required: true, schema: { type: 'string', example: '(the bytes of the file)' } }),
];

/** What a method was declared with by `Route`. */
export const rulesOf = (method: object): RouteRules | undefined =>
  (Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, method) as { rules?: RouteRules } | undefined)?.rules;

/** Declares who may call a route, what it is for and how its answers are kept. */
export function Route(rules: RouteRules): MethodDecorator {
  const allowed = typeof rules.allow === 'string' ? rules.allow : rules.allow.join(', ');
  const declared = applyDecorators(
    ApiOperation({
      summary: rules.summary,
      description: [rules.description, `Allowed: ${allowed}.`].filter(Boolean).join('\n\n'),
    }),
    ...(rules.allow === 'public' ? [] : [ApiBearerAuth(rules.allow === 'operator' ? 'operatorToken' : 'accessToken')]),
    ...(rules.fields ? [fieldsParameter(rules.fields)] : []),
    ...(rules.takesStream ? streamedBody(rules.takesStream) : []),
  );
  return (controller, method, descriptor) => {
    RouteConfig({ rules, takesQuery: readsQuery(controller, method) })(controller, method, descriptor);
    declared(controller, method, descriptor);
  };
}
