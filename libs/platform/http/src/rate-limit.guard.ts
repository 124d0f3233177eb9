import { DomainError } from '@innkeep/contracts';
import { type ExecutionContext, Injectable } from '@nestjs/common';
import {
  ThrottlerGuard,
  type ThrottlerModuleOptions,
  type ThrottlerOptions,
  type ThrottlerRequest,
  type ThrottlerStorage,
} from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { limitedAddress } from './client-address';
import { httpProblems } from './http.problems';
import { type LimitName, PLAN_LIMIT, type RateLimits, WINDOW_SECONDS, limitsByName } from './rate-limits';
import type { RequestQuotas } from './request-quotas';
import { NOBODY } from './request-state';

const isSigning = (request: FastifyRequest) => request.routeOptions.config.rules?.limits === 'signed-url';
const isFile = (request: FastifyRequest) => request.routeOptions.config.rules?.limits === 'file';
const addressOf = ({ ip }: FastifyRequest) => `address:${limitedAddress(ip)}`;
const isUnlimited = (request: FastifyRequest) => request.routeOptions.config.rules?.limits === 'none';
const isChange = (request: FastifyRequest) => isWrite(request) && !isSigning(request);
/** Asked by the process of itself, within its own budget. */
const isOwn = ({ caller }: FastifyRequest) => caller?.principal.userId === NOBODY;
const isWrite = (request: FastifyRequest) => request.method !== 'GET' && request.method !== 'HEAD';

/** Which limits count for a request, and by whom. */
const appliesTo: Record<LimitName, (request: FastifyRequest) => string | undefined> = {
  'write-user': (request) =>
    isChange(request) && request.caller ? `user:${request.caller.principal.userId}` : undefined,
  'write-org': (request) =>
    isChange(request) && request.caller ? `org:${request.caller.principal.organizationId}` : undefined,
  'read-user': (request) =>
    !isWrite(request) && !isUnlimited(request) && request.caller && !isOwn(request)
      ? `user:${request.caller.principal.userId}`
      : undefined,
  'signed-url-user': (request) =>
    isSigning(request) && request.caller ? `user:${request.caller.principal.userId}` : undefined,
  'signed-url-org': (request) =>
    isSigning(request) && request.caller ? `org:${request.caller.principal.organizationId}` : undefined,
  address: (request) =>
    request.caller || request.operator || isUnlimited(request) || isFile(request) ? undefined : addressOf(request),
  'file-address': (request) => (isFile(request) && !request.caller ? addressOf(request) : undefined),
};

const generateKey = (_context: ExecutionContext, tracker: string, name: string) => `${name}:${tracker}`;

const requestOf = (context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>();

/** The limits as @nestjs/throttler takes them. Routes that declare nothing (health, metrics) are not counted. */
export const throttlers = (
  limits: RateLimits,
  storage: ThrottlerStorage,
  quotas: RequestQuotas,
): ThrottlerModuleOptions => ({
  storage,
  throttlers: [...fixedThrottlers(limits), ...(limits.RATE_LIMIT_PLAN === 'on' ? [planThrottler(quotas)] : [])],
});

const fixedThrottlers = (limits: RateLimits): ThrottlerOptions[] =>
  limitsByName(limits).map(([name, limit]) => ({
    name,
    limit,
    ttl: WINDOW_SECONDS * 1000,
    blockDuration: 0,
    skipIf: (context) => {
      const request = requestOf(context);
      return !request.routeOptions.config.rules || appliesTo[name](request) === undefined;
    },
    getTracker: (request) => appliesTo[name](request as unknown as FastifyRequest)!,
    generateKey,
  }));

/** The one limit that is not the same for all: by the plan of the organization, over reads and changes. */
function planThrottler(quotas: RequestQuotas): ThrottlerOptions {
  const quotaOf = (request: FastifyRequest) =>
    request.caller && !isOwn(request) ? quotas.of(request.caller.principal.organizationId) : null;
  return {
    name: PLAN_LIMIT,
    // What was known a moment ago may be forgotten now: then there is none.
    limit: (context) => quotaOf(requestOf(context)) ?? Number.MAX_SAFE_INTEGER,
    ttl: WINDOW_SECONDS * 1000,
    blockDuration: 0,
    skipIf: (context) => quotaOf(requestOf(context)) === null,
    getTracker: (request) => `org:${(request as unknown as FastifyRequest).caller!.principal.organizationId}`,
    generateKey,
  };
}

/** Counts requests that reach Nest; tells the limits as draft-ietf-httpapi-ratelimit-headers-11 and as X-RateLimit-*. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  protected override async handleRequest({
    context,
    limit,
    ttl,
    throttler,
    getTracker,
    generateKey,
    blockDuration,
  }: ThrottlerRequest): Promise<boolean> {
    const { req, res } = this.getRequestResponse(context) as { req: FastifyRequest; res: FastifyReply };
    const tracker = await getTracker(req as unknown as Record<string, unknown>, context);
    const name = throttler.name!;
    const verdict = await this.storageService.increment(
      generateKey(context, tracker, name),
      ttl,
      limit,
      blockDuration,
      name,
    );
    const remaining = Math.max(0, limit - verdict.totalHits);
    if (isWrite(req) || verdict.isBlocked) describe(res, name, limit, remaining, verdict.timeToExpire);
    if (!verdict.isBlocked) return true;
    throw new DomainError(
      httpProblems['rate-limit-exceeded'],
      `The limit ${name} of ${limit} requests a minute is used up.`,
      {
        headers: { 'retry-after': String(verdict.timeToBlockExpire) },
        members: {
          details: {
            retryAfter: verdict.timeToBlockExpire,
            limitType: name.toUpperCase().replaceAll('-', '_'),
            remaining: 0,
          },
        },
      },
    );
  }
}

/** With several limits on one request the headers list all of them; the X- fields tell the tightest. */
function describe(reply: FastifyReply, name: string, limit: number, remaining: number, seconds: number): void {
  const append = (header: string, value: string) => {
    const before = reply.getHeader(header);
    reply.header(header, before ? `${String(before)}, ${value}` : value);
  };
  append('ratelimit-policy', `"${name}";q=${limit};w=${WINDOW_SECONDS}`);
  append('ratelimit', `"${name}";r=${remaining};t=${seconds}`);
  const tightest = reply.getHeader('x-ratelimit-remaining');
  if (tightest !== undefined && Number(tightest) <= remaining) return;
  reply.headers({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + seconds),
  });
}
