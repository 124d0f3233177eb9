import { type LiveService, type Principal, type Role, liveRuleOf, liveServices } from '@innkeep/contracts';
import type { Entry } from './entry';

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

/** Decides for one kind of listener with one choice which entries are told. */
export interface Subscription {
  /** Equal for subscriptions that hear the same. */
  readonly key: string;
  hears(entry: Entry): boolean;
}

const mayHear = ({ scopes }: Listener, service: LiveService): boolean =>
  scopes === undefined || (service !== 'users' && scopes.has(`${service}:read`));

/**
 * The subscription of a listener. What its role and properties do not let it read it does not hear, whatever it chooses: an event of a
 * property, or one that should have one and says none, reaches only those who may see that property.
 */
export function subscribe(listener: Listener, choice: Choice): Subscription {
  const { role, properties } = listener.principal;
  const services = new Set((choice.services ?? liveServices).filter((service) => mayHear(listener, service)));
  const seen = properties === 'all' ? undefined : new Set(properties);
  const chosen = choice.propertyIds && new Set(choice.propertyIds);
  const scopes = listener.scopes ? [...listener.scopes].sort().join(' ') : 'member';
  const parts = [listener.partition, scopes, [...services].sort(), choice.propertyIds && [...chosen!].sort()];
  return {
    key: JSON.stringify(parts),
    hears({ type, propertyId, body }) {
      const rule = body === '' ? undefined : liveRuleOf(type);
      if (!rule || !services.has(rule.service) || !rule.roles.includes(role as Role)) return false;
      if (rule.within === 'organization')
        return chosen === undefined || propertyId === undefined || chosen.has(propertyId);
      if (propertyId === undefined) return seen === undefined && chosen === undefined;
      return (seen?.has(propertyId) ?? true) && (chosen?.has(propertyId) ?? true);
    },
  };
}
