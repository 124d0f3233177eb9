import {
  type LiveRule,
  type LiveService,
  type Principal,
  type Role,
  liveRuleOf,
  liveServices,
  rolesHearing,
} from '@innkeep/contracts';
import { type Entry, dataOf } from './entry';

/** Who listens, as far as it decides what is heard: callers with the same partition hear the same. */
export interface Listener {
  readonly principal: Principal;
  readonly partition: string;
  /** What an API key opens; undefined for somebody who signed in. */
  readonly scopes?: ReadonlySet<string>;
}

/** What a client wants to hear of what it may hear. Nothing chosen is everything. */
export interface Choice {
  readonly services?: readonly LiveService[];
  readonly propertyIds?: readonly number[];
}

/** Decides for a listener with one choice which entries are told. */
export interface Subscription {
  /** Equal for subscriptions that hear the same, but for what concerns one user alone. */
  readonly key: string;
  /** Whether everybody with this key hears it. */
  shares(entry: Entry): boolean;
  /** Whether this listener hears it and others with the same key do not: it is about this user. */
  owns(entry: Entry): boolean;
  /** Either of both. */
  hears(entry: Entry): boolean;
}

const mayHear = ({ scopes }: Listener, service: LiveService): boolean =>
  scopes === undefined || (service !== 'users' && scopes.has(`${service}:read`));

/**
 * The subscription of a listener. What its role and properties do not let it read it does not hear, whatever it chooses: an event of a
 * property, or one that should have one and says none, reaches only those who may see that property. Beyond that members hear of what
 * concerns themselves. A key is nobody: it speaks for whoever holds it.
 */
export function subscribe(listener: Listener, choice: Choice): Subscription {
  const { role, properties, userId } = listener.principal;
  const services = new Set((choice.services ?? liveServices).filter((service) => mayHear(listener, service)));
  const seen = properties === 'all' ? undefined : new Set(properties);
  const chosen = choice.propertyIds && new Set(choice.propertyIds);
  const scopes = listener.scopes ? [...listener.scopes].sort().join(' ') : 'member';
  const parts = [listener.partition, scopes, [...services].sort(), choice.propertyIds && [...chosen!].sort()];
  /** The rule of an entry, if it is of the services and properties that are chosen. */
  const chosenRule = ({ type, propertyId, body }: Entry): LiveRule | undefined => {
    const rule = body === '' ? undefined : liveRuleOf(type);
    if (!rule || !services.has(rule.service)) return undefined;
    // What no property has is chosen by whoever hears of the whole organization.
    const isChosen =
      chosen === undefined || (propertyId === undefined ? rule.within === 'organization' : chosen.has(propertyId));
    return isChosen ? rule : undefined;
  };
  const shares = (entry: Entry): boolean => {
    const rule = chosenRule(entry);
    if (!rule) return false;
    // Only where it is asked for is a payload taken apart again: most rules look at nothing in it.
    const listening = rule.rolesBy ? rolesHearing(rule, dataOf(entry)) : rule.roles;
    if (!listening.includes(role as Role)) return false;
    if (rule.within === 'organization' || seen === undefined) return true;
    return entry.propertyId !== undefined && seen.has(entry.propertyId);
  };
  const owns = (entry: Entry): boolean =>
    entry.userId === userId && listener.scopes === undefined && chosenRule(entry) !== undefined && !shares(entry);
  return { key: JSON.stringify(parts), shares, owns, hears: (entry) => shares(entry) || owns(entry) };
}
