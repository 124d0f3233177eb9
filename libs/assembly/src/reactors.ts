import type { RecordedEvent } from '@innkeep/contracts';
import { type Outdating, type SharedAnswers, publishInvalidation } from '@innkeep/platform/cache';
import { askPurges, asksOf } from '@innkeep/platform/edge';
import { type Reactor, defineReactor } from '@innkeep/platform/events';
import type { Redis } from 'ioredis';
import type { Touches } from './wiring';

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
export function purgePages({ events, tagsOf }: Touches, { providers, asked }: PurgeAsking): Reactor {
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
export function forgetAnswers({ events, tagsOf }: Touches, redis: Redis): Reactor {
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

/**
 * Outdates the answers in Redis that the events changed, and has processes forget them once more: between the two they may have taken
 * from Redis what they had just forgotten. Apart from the one above, so that Redis in the role cache can be gone and processes still
 * forget what they hold.
 */
export function outdateAnswers({ events, tagsOf }: Touches, shared: SharedAnswers, redis: Redis): Reactor {
  return defineReactor({
    name: 'outdate-answers',
    trails: NO_PROJECTION,
    events,
    async react(happened) {
      const changes = outdatings(happened, tagsOf);
      if (changes.length === 0) return;
      await shared.outdate(changes);
      await publishInvalidation(redis, [...new Set(changes.flatMap(({ tags }) => tags))]);
    },
  });
}

/** What events outdate, by organization, as of the last of each. */
function outdatings(happened: readonly RecordedEvent[], tagsOf: Touches['tagsOf']): Outdating[] {
  const changes = new Map<number, { organizationId: number; tags: Set<string>; version: number }>();
  for (const event of happened) {
    const { organizationId, version } = event;
    let change = changes.get(organizationId);
    if (!change) changes.set(organizationId, (change = { organizationId, tags: new Set(), version }));
    tagsOf(event).forEach((tag) => change.tags.add(tag));
    change.version = Math.max(change.version, version);
  }
  return [...changes.values()].filter(({ tags }) => tags.size > 0).map((one) => ({ ...one, tags: [...one.tags] }));
}
