import type { FastifyBaseLogger } from 'fastify';

type Line = Parameters<FastifyBaseLogger['info']>;

/**
 * The logger of a request, made when something is logged by it: most requests log one line or none, and a logger of its own with the
 * redaction of secrets costs as much as some answers.
 */
class RequestLogger {
  private made: FastifyBaseLogger | undefined;

  constructor(
    private readonly parent: FastifyBaseLogger,
    private readonly bindings: Record<string, unknown>,
  ) {}

  get level(): string {
    return this.parent.level;
  }

  private get own(): FastifyBaseLogger {
    return (this.made ??= this.parent.child(this.bindings));
  }

  child(...given: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.own.child(...given);
  }

  trace(...line: Line): void {
    this.own.trace(...line);
  }

  debug(...line: Line): void {
    this.own.debug(...line);
  }

  info(...line: Line): void {
    this.own.info(...line);
  }

  warn(...line: Line): void {
    this.own.warn(...line);
  }

  error(...line: Line): void {
    this.own.error(...line);
  }

  fatal(...line: Line): void {
    this.own.fatal(...line);
  }

  silent(): void {}
}

/** Fastify's way to a request's logger. */
export const requestLogger = (logger: FastifyBaseLogger, bindings: Record<string, unknown>): FastifyBaseLogger =>
  new RequestLogger(logger, bindings) as unknown as FastifyBaseLogger;
