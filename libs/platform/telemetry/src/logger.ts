import type { LoggerService } from '@nestjs/common';
import { type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger } from 'pino';

/** Names of fields whose values never belong in a log. */
const secrets = [
  'password',
  'accessToken',
  'refreshToken',
  'token',
  'authorization',
  'cookie',
  '*.password',
  '*.accessToken',
  '*.refreshToken',
  '*.token',
  '*.authorization',
  '*.cookie',
];

const BLOCK_BYTES = 8 * 1024;
/** The longest a line waits for its block to fill. */
const FLUSH_MS = 200;

/** The process's logger: one JSON object for each line on standard output. */
export function createLogger(app: string, level: string): Logger {
  // Written in blocks: a system call for each line costs more than the line. The end of the process writes out what is left.
  const output = pino.destination({ dest: 1, sync: false, minLength: BLOCK_BYTES });
  setInterval(() => output.flush(), FLUSH_MS).unref();
  const settings: LoggerOptions = {
    level,
    base: { app },
    redact: { paths: secrets, censor: '[secret]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return pino(settings, output);
}

/** Lets the framework speak through the same logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug({ context: rest.at(-1) }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error({ context: rest.at(-1), stack: rest.length > 1 ? rest[0] : undefined }, String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn({ context: rest.at(-1) }, String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.trace({ context: rest.at(-1) }, String(message));
  }
}
