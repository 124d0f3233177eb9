/**
 * What happens, told as it happens. *Entry*: an event as it is told. *Position*: the organization's version, with the epoch of its
 * bucket. *Hub*: all organizations that are listened to in this process. *Channel*: one of them. *View*: all who hear the same of it.
 * *Stream*: a client that stays. *Waiter*: one that asks again and again.
 *
 * Invariants: what a client hears is in the order of the log and leaves out nothing of its subscription, or the client is told that it
 * has to read anew; nobody hears of what he may not read; what Redis loses is found in the log; what one client does not take is kept
 * for none.
 */
export { announceEvents } from './announce';
export { encodeEntry, toEntry } from './entry';
export { keysOf } from './keys';
export * from './live';
export { pollingOf } from './poll.controllers';
export { RealtimeController } from './realtime.controllers';
export * from './realtime.environment';
export * from './realtime.migrations';
export * from './realtime.problems';
export type { EndReason, Stream } from './stream';
export { Tickets } from './tickets';
