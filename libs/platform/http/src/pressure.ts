import underPressure from '@fastify/under-pressure';
import { DomainError } from '@innkeep/contracts';
import { databaseProblems } from '@innkeep/platform/database';
import type { FastifyInstance } from 'fastify';

const SAMPLE_MS = 500;
/** One late sample is no pressure: the start itself is one, and a collection of garbage may be. */
const SAMPLES_IN_A_ROW = 2;

/** Counts how many samples in a row were too late; each is asked about by many requests. */
class Streak {
  private last: number | undefined;
  private lastAt = 0;
  private length = 0;

  /** Whether this sample is at least the second in a row. */
  continuesWith(sample: number | undefined, now: number): boolean {
    if (sample !== this.last) {
      this.length = now - this.lastAt < 2 * SAMPLE_MS ? this.length + 1 : 1;
      this.last = sample;
    }
    this.lastAt = now;
    return this.length >= SAMPLES_IN_A_ROW;
  }
}

/**
 * Turns requests away while the process is too busy to answer soon: an answer that comes too late is paid for all the same, and
 * whoever waited asks again. Health and metrics declare no rules and are always answered, and so are hits from memory.
 * @param maxEventLoopDelayMs how late timers may be on average, in milliseconds
 */
export function shedLoad(server: FastifyInstance, maxEventLoopDelayMs: number): void {
  const streak = new Streak();
  void server.register(underPressure, {
    maxEventLoopDelay: maxEventLoopDelayMs,
    sampleInterval: SAMPLE_MS,
    pressureHandler: async (request, _reply, _type, delay) => {
      if (!streak.continuesWith(delay, performance.now()) || !request.routeOptions.config.rules) return;
      throw new DomainError(databaseProblems['service-unavailable'], 'The service is busy. Try again in a moment.', {
        headers: { 'retry-after': '1' },
      });
    },
  });
}
