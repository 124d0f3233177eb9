import { type RouteRules, rulesOf } from '@innkeep/platform/http';
import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { answerHeaders, headersOfRequest, headersOfSuccess, referTo, unchangedAnswer } from './document-headers';
import { problemSchema, refusals, refusalsOf } from './document-refusals';
import { type Components, type JsonSchema, answerSchema, exampleOf } from './document-schemas';

interface Content {
  description: string;
  headers?: object;
  content?: Record<string, { schema: JsonSchema; example?: unknown }>;
}

interface Operation {
  operationId: string;
  security?: object[];
  parameters?: { name?: string; in: string; required?: boolean; description?: string; schema?: JsonSchema }[];
  requestBody?: Content;
  responses: Record<string, Content | { $ref: string }>;
}

const tags = {
  'sign-in': 'Getting in, staying in, signing out',
  account: 'What users do about their own sign-in',
  users: 'Who belongs to the organization, and what they may do',
  'api keys': 'Access for other programs',
  organization: 'The organization as a whole',
  properties: 'Hotels and rentals',
  guests: 'Stays, who comes, leaves and is there, and how full it is',
  staff: 'Times of work and of leave',
  tasks: 'What is to be done',
  finance: 'Expenses and revenues, approving them, and closing the books',
  analytics: 'How properties did: money, nights and rates, beside another period',
  reports: 'What was received and spent, by day, month and property',
  exports: 'Reports as files',
  'audit log': 'Who changed what, and whether anybody has changed that',
  documents: 'Receipts, papers and images: files that belong to something',
  branding: 'What an organization looks like',
  bootstrap: 'What a client asks for first',
  live: 'What happens, as it happens',
  system: 'For platform operators',
  cache: 'What is kept at the edge, and how it is forgotten',
};

const bearer = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } as const;

function outline() {
  const builder = new DocumentBuilder()
    .setTitle('Innkeep')
    .setDescription('The backend of hotels and rental properties.')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addServer('/', 'Where this document is')
    .addBearerAuth({ ...bearer, description: 'From a sign-in, or an API key' }, 'accessToken')
    .addBearerAuth({ ...bearer, description: 'From the sign-in of operators' }, 'operatorToken');
  for (const [name, description] of Object.entries(tags)) builder.addTag(name, description);
  return builder.build();
}

const operationId = (controller: string, method: string) => `${controller.replace(/Controller$/, '')}_${method}`;

/** What the routes declare, by operation. */
function declaredRules(app: NestFastifyApplication): ReadonlyMap<string, RouteRules> {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  const declared = controllers.flatMap(({ metatype }) => {
    const { name, prototype } = metatype as { name: string; prototype: Record<string, unknown> };
    return Object.getOwnPropertyNames(prototype).flatMap((method) => {
      const handler = prototype[method];
      const rules = typeof handler === 'function' ? rulesOf(handler) : undefined;
      return rules ? [[operationId(name, method), rules] as const] : [];
    });
  });
  return new Map(declared);
}

/** Puts the bodies of success in, each with an example. */
function describeSuccess(method: string, operation: Operation, rules: RouteRules, components: Components): void {
  const { answer, otherAnswers, mediaTypes = ['application/json'] } = rules;
  const [status] = Object.keys(operation.responses);
  if (!answer && status !== '204')
    throw new Error(`${operation.operationId} answers ${status} and does not declare what: add \`answer\` to @Route`);
  const answers: Record<string, z.ZodType> = { ...(answer && { [status!]: answer }), ...otherAnswers };
  const headers = referTo(headersOfSuccess(method, rules));
  operation.responses = { [status!]: { description: answer ? 'Done' : 'Done; there is nothing to say', headers } };
  for (const [code, body] of Object.entries(answers)) {
    const schema = answerSchema(body, components);
    const example = exampleOf(schema, components, `${operation.operationId} ${code}`);
    operation.responses[code] = {
      description: code === status ? rules.summary : (body.description ?? 'Another step is needed'),
      headers,
      content: Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema, example }])),
    };
  }
}

/** Says beside each parameter what its schema says of it, where it is looked for. */
function moveDescriptions({ parameters = [] }: Operation): void {
  for (const parameter of parameters) parameter.description ??= parameter.schema?.description;
}

/** The same for the example of a body. */
function moveExample({ operationId: name, requestBody }: Operation): void {
  for (const content of Object.values(requestBody?.content ?? {})) {
    const { example, ...schema } = content.schema;
    if (example === undefined) throw new Error(`The body of ${name} has no example`);
    Object.assign(content, { schema, example });
  }
}

/** The OpenAPI 3.1 document of all routes, from the schemas that check the requests and those that say what is answered. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, outline(), {
    operationIdFactory: operationId,
    schemaConverter: (schema: unknown, { schemaType }: { schemaType: 'input' | 'output' }) => ({
      schema: z.toJSONSchema(schema as z.ZodType, { io: schemaType, target: 'draft-2020-12', unrepresentable: 'any' }),
    }),
  } as Parameters<typeof SwaggerModule.createDocument>[2]);
  // Health and metrics are for those who run the system: they declare nothing, and are no part of what is offered to clients.
  document.paths = Object.fromEntries(
    Object.entries(document.paths).filter(([path]) => !/^\/(health|metrics)(\/|$)/.test(path)),
  );
  const declared = declaredRules(app);
  const components: Components = {};
  const items = Object.values(document.paths) as unknown as Record<string, Operation>[];
  for (const [method, operation] of items.flatMap((item) => Object.entries(item))) {
    const rules = declared.get(operation.operationId)!;
    operation.security ??= [];
    moveDescriptions(operation);
    moveExample(operation);
    operation.parameters = [...(operation.parameters ?? []), ...headersOfRequest(method, rules)];
    describeSuccess(method, operation, rules, components);
    Object.assign(operation.responses, unchangedAnswer(method, rules));
    const takesId = (operation.parameters ?? []).some((parameter) => parameter.in === 'path');
    Object.assign(operation.responses, refusalsOf(rules, { takesBody: operation.requestBody !== undefined, takesId }));
  }
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...(components as object), Problem: problemSchema as never },
    responses: refusals as never,
    headers: answerHeaders as never,
  };
  return document;
}

/** Serves the document at `/openapi.json` and a page to read and try it at `/docs`. A route that is not described fails the boot. */
export function serveDocumentation(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, describeApi(app), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Innkeep API',
  });
}
