import { liveServices } from '@innkeep/contracts';
import { propertyIdParameter, shapes, wholeNumber } from '@innkeep/platform/http';
import { z } from 'zod';
import { TICKET_SECONDS } from './tickets';
import { POSITION } from './position';

const separated = (text: string) => text.split(',').map((part) => part.trim());

const service = z.enum(liveServices);
const propertyId = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** What a subscription is chosen by in a query. */
const choice = {
  services: z
    .string()
    .max(200)
    .transform(separated)
    .pipe(z.array(service).min(1).max(liveServices.length))
    .optional()
    .describe(`Only these, separated by commas: ${liveServices.join(', ')}. All that you may read, if it is not given.`)
    .meta({ type: 'string', example: 'finance,properties' }),
  properties: z
    .string()
    .max(2_000)
    .transform(separated)
    .pipe(z.array(propertyIdParameter).min(1).max(200))
    .optional()
    .describe('Only these properties, ids separated by commas. All that you may see, if it is not given.')
    .meta({ type: 'string', example: '1000,1001' }),
};

const position = (name: string) =>
  z
    .string()
    .regex(POSITION, 'is no position that was given out')
    .optional()
    .describe(`${name}. Everything after it follows, if it is still to be had.`)
    .meta({ example: '1.42' });

export const streamQuery = z.strictObject({
  ...choice,
  last_event_id: position('The id of the last message you have, for clients that cannot send Last-Event-ID'),
  ticket: z
    .string()
    .max(100)
    .optional()
    .describe('A ticket, for clients that cannot send Authorization')
    .meta({ example: 'k3V9...' }),
  follow: z
    .enum(['true', 'false'])
    .default('true')
    .describe('`false`: the stream ends once everything that there is has been sent'),
});

export const pollQuery = z.strictObject({
  cursor: position('The cursor of the answer before'),
  propertyId: propertyIdParameter.optional().describe('Only this property'),
  wait: wholeNumber(0, 25).default(25).describe('How many seconds to wait for something to happen'),
});

export const changeStreamBody = z
  .strictObject({
    services: z
      .array(service)
      .min(1)
      .max(liveServices.length)
      .nullish()
      .describe('Only these; null is all that you may read'),
    propertyIds: z.array(propertyId).min(1).max(200).nullish().describe('Only these; null is all that you may see'),
    isPaused: z
      .boolean()
      .optional()
      .describe('While it is, nothing is sent; what happens meanwhile follows when it is not any more'),
  })
  .refine((body) => Object.values(body).some((value) => value !== undefined), 'says nothing to change')
  .meta({ minProperties: 1, example: { services: ['finance'], propertyIds: [1000] } });

export const ticketAnswer = z.object({
  ticket: shapes.text('k3V9mJ0bX2cQ7wR5tY8uI1oP4aS6dF3gH0jK2lZ9xC8'),
  expiresIn: z.int().min(1).describe('In seconds').meta({ example: TICKET_SECONDS }),
});

export const changedStreamAnswer = z.object({ streamId: shapes.uuidId });

/** One message; `data` depends on its type. */
const message = z.object({
  id: shapes.text('1.42').describe('Its position'),
  after: shapes.text('1.40').describe('The position of the message before it in this subscription'),
  type: shapes.text('TransactionRecorded'),
  service: z.enum(liveServices),
  propertyId: shapes.numericId.optional(),
  entityId: shapes.text('0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11').optional(),
  requestId: shapes.text('b0c1d2e3-f4a5').optional().describe('Of the request that caused it'),
  recordedAt: shapes.instant,
  data: z
    .record(z.string(), z.unknown())
    .describe('What happened, by its type')
    .meta({ example: { amountCents: 1250 } }),
});

export const pollAnswer = z.object({
  events: z.array(message),
  cursor: shapes.text('1.42').describe('For the next request'),
  recovered: z
    .boolean()
    .describe(
      'Whether everything after the cursor you gave is in this answer and those that follow; false: read anew what you show',
    ),
});

/** What a stream is made of, as text. */
export const streamAnswer = z
  .string()
  .describe('Server-Sent Events: first `ready`, then messages, and `position` from time to time')
  .meta({
    example:
      'event: ready\nid: 1.40\ndata: {"recovered":true,"streamId":"0198c5e2-7d3a-7c1e-9a55-0f4b5d2e6a11","heartbeatSeconds":20,"position":"1.40"}\n\nid: 1.42\ndata: {"id":"1.42","after":"1.40","type":"TransactionRecorded"}\n\n',
  });

const milliseconds = z.number().min(0).meta({ example: 12.5 });

export const liveMetricsAnswer = z.object({
  instance: shapes
    .text('api-7c9d:1')
    .describe('The process that answers, and that the figures are of: each counts its own'),
  streams: shapes.count,
  waiters: shapes.count,
  channels: shapes.count,
  bufferedEvents: shapes.count,
  waitingBytes: shapes.count,
  tier: z.enum(['calm', 'busy', 'strained']),
  published: shapes.count,
  delivered: shapes.count,
  dropped: shapes.count.describe('Events that were not told and had to be read from the log'),
  conflated: shapes.count,
  healed: shapes.count,
  bytesSaved: shapes.count,
  recovered: shapes.count,
  notRecovered: shapes.count,
  refused: shapes.count,
  deliveryMs: z
    .object({ p50: milliseconds, p95: milliseconds, p99: milliseconds })
    .describe('From the commit to the writing, of the last deliveries'),
});
