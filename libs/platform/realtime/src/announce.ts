import { type RecordedEvent, eventCatalog } from '@innkeep/contracts';
import { type Reactor, defineReactor } from '@innkeep/platform/events';
import type { Redis, Result } from 'ioredis';
import { encodeEntry, toEntry } from './entry';
import { keysOf } from './keys';

/** Events that are kept hot for each organization, and for how long after the last of them. */
export const HOT_EVENTS = 200;
export const HOT_MS = 25_000;

/**
 * Tells processes that listen to an organization what happened, and keeps the last of it for those who come back. An organization that
 * nobody listens to costs one look. An event that is in the window already is not put there again.
 */
const ANNOUNCE = `
if redis.call('exists', KEYS[1]) == 0 then return 0 end
for _, line in ipairs(ARGV) do
  redis.pcall('xadd', KEYS[2], 'maxlen', '=', ${HOT_EVENTS}, string.match(line, '^%d+') .. '-0', 'e', line)
end
redis.call('pexpire', KEYS[2], ${HOT_MS})
return redis.call('spublish', KEYS[3], table.concat(ARGV, '\\n'))`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    innkeepAnnounce(...keysAndLines: string[]): Result<number, Context>;
  }
}

/** As many lines as one message holds at most. */
const LINES = 200;

/**
 * Tells what happens, as it happens, to whoever listens. Every type of event is seen, also those that nobody hears of: the order of an
 * organization has no gaps, so that whoever misses something knows. Nothing is retried: what is lost on the way the hubs notice and
 * read from the log.
 */
export function announceEvents(redis: Redis): Reactor {
  redis.defineCommand('innkeepAnnounce', { numberOfKeys: 3, lua: ANNOUNCE });
  return defineReactor({
    name: 'announce-events',
    trails: [],
    isPrompt: true,
    events: [...eventCatalog.values()],
    async react(events) {
      if (redis.status !== 'ready') return;
      const byOrganization = new Map<number, RecordedEvent[]>();
      for (const event of events) {
        const list = byOrganization.get(event.organizationId);
        if (list) list.push(event);
        else byOrganization.set(event.organizationId, [event]);
      }
      const pipeline = redis.pipeline();
      for (const [organizationId, list] of byOrganization) {
        const { wanted, window, channel } = keysOf(organizationId);
        const lines = list.map((event) => encodeEntry(toEntry(event)));
        for (let at = 0; at < lines.length; at += LINES)
          pipeline.innkeepAnnounce(wanted, window, channel, ...lines.slice(at, at + LINES));
      }
      await pipeline.exec().catch(() => undefined);
    },
  });
}
