import type { DocumentOwnerPort, EventType, RecordedEvent, Tag } from '@innkeep/contracts';
import type { Migration } from '@innkeep/platform/database';
import type { Projection, Reactor } from '@innkeep/platform/events';
import type { MailKind } from '@innkeep/platform/mail';
import type { Provider, Type } from '@nestjs/common';
import type { Exported } from './exported-table';
import type { TimedWork } from './timed-work';
import type { ReportTable } from './report-table';

/** Which cached pages an event changes. */
export interface Touch {
  readonly type: string;
  tags(event: RecordedEvent): readonly Tag[];
}

/** Declares the tags that events of a type purge. */
export const touch = <Data>(
  eventType: EventType<string, never> | EventType,
  tags: (event: RecordedEvent<string, Data>) => readonly Tag[],
): Touch => ({
  type: eventType.type,
  tags: tags as (event: RecordedEvent) => readonly Tag[],
});

/** A materialized view for operations, refreshed by the worker. */
export interface OperationsView {
  readonly name: string;
  /** How often it is refreshed, in seconds. */
  readonly everySeconds: number;
}

/** How a feature joins the system. The apps assemble themselves from the list of these; nothing else knows a feature by name. */
export interface Feature {
  readonly name: string;
  readonly migrations?: readonly Migration[];
  /** Command handlers. */
  readonly commands?: readonly Type[];
  /** Query handlers. */
  readonly queries?: readonly Type[];
  /** Controllers: in the API only. */
  readonly controllers?: readonly Type[];
  /** Stores of handlers that need what no process but the API is given, such as its secrets. */
  readonly apiProviders?: readonly Provider[];
  /** What only the controllers need. */
  readonly httpProviders?: readonly Provider[];
  /** Stores, and the read ports that the feature answers: in the API and in the worker. */
  readonly providers?: readonly Provider[];
  readonly projections?: readonly Projection[];
  readonly reactors?: readonly Reactor[];
  readonly touches?: readonly Touch[];
  readonly views?: readonly OperationsView[];
  /** The mails that the feature asks for, as the worker composes them. */
  readonly mails?: readonly MailKind[];
  /** Database functions that remove what has expired: each takes how many rows at most, and answers how many went. */
  readonly housekeeping?: readonly string[];
  /** What the worker brings about when its time has come. The feature's command handlers run in the worker too, then. */
  readonly timed?: readonly TimedWork[];
  /** The reports that it makes files of. */
  readonly reportTables?: readonly ReportTable[];
  /** What answers for its things that documents can belong to. */
  readonly documentOwners?: readonly Type<DocumentOwnerPort>[];
  /** Everywhere that it keeps files of an organization. They go with the organization. */
  readonly folders?: (organizationId: number) => readonly string[];
  /** Its tables in an export of an organization. Each table that has an organization is in one list or the other. */
  readonly exported?: Exported;
}

/** Declares a feature. */
export const defineFeature = (feature: Feature): Feature => feature;
