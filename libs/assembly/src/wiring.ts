import {
  type DocumentOwnerPort,
  DocumentOwners,
  type EventType,
  type RecordedEvent,
  SubjectErased,
  type Tag,
  eventCatalog,
} from '@innkeep/contracts';
import { checkTrails } from '@innkeep/platform/events';
import type { Feature, Touch } from '@innkeep/platform/feature';
import type { Provider, Type } from '@nestjs/common';

const COMMAND_HANDLER = '__commandHandler__';

/** The command class that a handler handles, as @nestjs/cqrs keeps it. */
const commandOf = (handler: Type): Type | undefined =>
  Reflect.getMetadata(COMMAND_HANDLER, handler) as Type | undefined;

/**
 * The command handlers of all features. Two for one command fail the boot: the bus would silently keep the last one.
 */
export function commandHandlers(features: readonly Feature[]): Type[] {
  const handlers = features.flatMap((feature) => feature.commands ?? []);
  const byCommand = new Map<Type, Type>();
  for (const handler of handlers) {
    const command = commandOf(handler);
    if (!command) throw new Error(`${handler.name} is no command handler: decorate it with @CommandHandler`);
    const other = byCommand.get(command);
    if (other) throw new Error(`${command.name} has two handlers: ${other.name} and ${handler.name}`);
    byCommand.set(command, handler);
  }
  return handlers;
}

/** What the worker needs to dispatch the commands that time brings about: the handlers of the features that have any. */
export const timedHandlers = (features: readonly Feature[]): Type[] =>
  commandHandlers(features.filter(({ timed = [] }) => timed.length > 0));

export const queryHandlers = (features: readonly Feature[]): Type[] =>
  features.flatMap((feature) => feature.queries ?? []);
export function featureProviders(features: readonly Feature[]): Provider[] {
  const owners = features.flatMap(({ documentOwners = [] }) => [...documentOwners]);
  return [
    ...features.flatMap((feature) => feature.providers ?? []),
    ...owners,
    {
      provide: DocumentOwners,
      inject: owners,
      useFactory: (...ports: DocumentOwnerPort[]) => new DocumentOwners(ports),
    },
  ];
}

/** What the features' handlers need besides where all commands run. */
export const apiProviders = (features: readonly Feature[]): Provider[] =>
  features.flatMap((feature) => feature.apiProviders ?? []);

/** Checks that what the features declare fits together; throws what does not. */
export function checkFeatures(features: readonly Feature[]): void {
  const unique = (what: string, names: readonly string[]) => {
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice) throw new Error(`there are two ${what} by the name ${twice}`);
  };
  unique(
    'features',
    features.map(({ name }) => name),
  );
  unique(
    'projections',
    features.flatMap(({ projections = [] }) => projections.map(({ name }) => name)),
  );
  unique(
    'tables',
    features.flatMap(({ projections = [] }) => projections.map(({ table }) => table)),
  );
  checkTrails(
    features.flatMap(({ projections = [] }) => [...projections]),
    features.flatMap(({ reactors = [] }) => [...reactors]),
  );
  for (const { name, events } of features.flatMap(({ projections = [] }) => projections)) {
    const personal = events.find((event) => event.personal);
    if (personal && !events.includes(SubjectErased))
      throw new Error(`${name} takes ${personal.type}, which has personal fields, and does not take SubjectErased`);
  }
  unique(
    'mails',
    features.flatMap(({ mails = [] }) => mails.map(({ kind }) => kind)),
  );
  unique(
    'kinds of timed work',
    features.flatMap(({ timed = [] }) => timed.map(({ name }) => name)),
  );
  const reports = features.flatMap(({ reportTables = [] }) => reportTables.map(({ name }) => name));
  unique('reports', reports);
  for (const { name, touches = [] } of features) {
    const unknown = touches.find(({ type }) => !eventCatalog.has(type));
    if (unknown) throw new Error(`${name} touches ${unknown.type}, which is no event type`);
  }
}

/** Which tags an event purges, over all features; and the events that purge any. */
export interface Touches {
  readonly events: readonly EventType[];
  tagsOf(event: RecordedEvent): readonly Tag[];
}

/** What the features touch. What an event touches is worked out once, however many ask. */
export function allTouches(features: readonly Feature[]): Touches {
  const byType = new Map<string, Touch[]>();
  for (const one of features.flatMap(({ touches = [] }) => touches))
    byType.set(one.type, [...(byType.get(one.type) ?? []), one]);
  const known = new WeakMap<RecordedEvent, readonly Tag[]>();
  return {
    events: [...byType.keys()].map((type) => eventCatalog.get(type)!),
    tagsOf: (event) => {
      let tags = known.get(event);
      if (!tags) known.set(event, (tags = (byType.get(event.type) ?? []).flatMap((one) => one.tags(event))));
      return tags;
    },
  };
}
