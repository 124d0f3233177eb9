import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type AccessTokens, unauthenticated } from './access-tokens';
import { looksLikeApiKey } from './api-key';
import { type ApiKeys, refusalOfScope } from './api-keys';
import { forbidden } from './http.problems';
import type { Caller } from './request-state';
import type { Revocations } from './revocations';
import type { Allow } from './route';

/** What callers are found out and judged by. */
export interface Credentials {
  readonly tokens: AccessTokens;
  readonly apiKeys: ApiKeys;
  readonly revocations: Revocations;
  /** Who a ticket was given to, for routes that take tickets; uses it up. */
  readonly redeemTicket?: (ticket: string) => Promise<Caller>;
}

const BEARER = /^Bearer ([A-Za-z0-9\-._~+/]+=*)$/i;

/** The token of an Authorization header (RFC 6750, 2.1), if it has one. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];

/** The caller, if the token or API key was found good before and has not run out. Whether it was revoked is not asked here. */
export const rememberedCaller = ({ tokens, apiKeys }: Credentials, token: string): Caller | undefined =>
  looksLikeApiKey(token) ? apiKeys.remembered(token) : tokens.remembered(token);

/**
 * Finds out who calls and whether the route lets them in, before anything is read from the body. A hook of Fastify and not a guard
 * of Nest, so that answers kept in memory can be given without entering Nest at all.
 */
export function authenticate(server: FastifyInstance, credentials: Credentials): void {
  const { tokens, apiKeys, revocations } = credentials;
  const admit = admission(revocations);
  server.addHook('onRequest', (request, _reply, done) => {
    const rules = request.routeOptions.config.rules;
    if (!rules || rules.allow === 'public') return done();
    const token = bearerOf(request.headers.authorization);
    const { ticket } = request.query as { ticket?: unknown };
    if (!token && rules.takesTicket && typeof ticket === 'string' && credentials.redeemTicket) {
      const { allow } = rules;
      Promise.all([credentials.redeemTicket(ticket), revocations.isCurrent || revocations.becomeCurrent()]).then(
        ([caller]) => done(admit(request, caller, allow)),
        done,
      );
      return;
    }
    if (!token)
      return done(unauthenticated('authentication-required', 'Send an access token: Authorization: Bearer <token>.'));
    if (rules.allow === 'operator') {
      tokens.verifyOperator(token).then((operator) => {
        request.operator = operator;
        done();
      }, done);
      return;
    }
    const isKey = looksLikeApiKey(token);
    let remembered = rememberedCaller(credentials, token);
    // A key's rights are looked up, not carried: what was remembered may be outdated where the key is not.
    if (remembered && isKey && revocations.refusalOf(remembered.principal)) remembered = undefined;
    if (remembered && revocations.isCurrent) return done(admit(request, remembered, rules.allow));
    const found = remembered ?? (isKey ? apiKeys.verify(token, request.ip) : tokens.verify(token));
    Promise.all([found, revocations.isCurrent || revocations.becomeCurrent()]).then(
      ([caller]) => done(admit(request, caller, rules.allow)),
      done,
    );
  });
}

const admission = (revocations: Revocations) => (request: FastifyRequest, caller: Caller, allow: Allow) => {
  const refusal = revocations.refusalOf(caller.principal);
  if (refusal) return refusal;
  const closed = caller.scopes && refusalOfScope(caller.scopes, request.method, request.routeOptions.url ?? '');
  if (closed) return forbidden(closed);
  request.caller = caller;
  if (typeof allow === 'string' || (allow as readonly string[]).includes(caller.principal.role)) return undefined;
  return forbidden(`This takes one of the roles ${allow.join(', ')}; yours is ${caller.principal.role}.`);
};
