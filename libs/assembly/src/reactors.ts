import { publishInvalidation } from '@innkeep/platform/cache';
import { askPurges, asksOf } from '@innkeep/platform/edge';
import { type Reactor, defineReactor } from '@innkeep/platform/events';
import type { Feature } from '@innkeep/platform/feature';
import type { Redis } from 'ioredis';
import { allTouches } from './wiring';

/**
 * What forgets and purges answers trails the live track as a whole and no projection by name: an answer from a read model that
 * stands still, or stands still for this organization, is kept by nobody, so the other answers need not wait for it.
 */
const NO_PROJECTION: readonly string[] = [];

export interface PurgeAsking {
  readonly providers: readonly string[];
  /** Tells the worker that something was asked for. May be lost: the worker sweeps. */
  asked(provider: string): void;
}

/** Asks for the purge of every page that the events changed. */
export function purgePages(features: readonly Feature[], { providers, asked }: PurgeAsking): Reactor {
  const { events, tagsOf } = allTouches(features);
  return defineReactor({
    name: 'purge-pages',
    trails: NO_PROJECTION,
    events,
    async react(happened, reaction) {
      const asks = asksOf(happened, tagsOf);
      if (asks.length === 0) return;
      await reaction.query(askPurges(providers, asks));
      for (const provider of providers) asked(provider);
    },
  });
}

/** Tells all processes to forget the answers that the events changed. */
export function forgetAnswers(features: readonly Feature[], redis: Redis): Reactor {
  const { events, tagsOf } = allTouches(features);
  return defineReactor({
    name: 'forget-answers',
    trails: NO_PROJECTION,
    events,
    async react(happened) {
      const tags = [...new Set(happened.flatMap(tagsOf))];
      if (tags.length > 0) await publishInvalidation(redis, tags);
    },
  });
}
