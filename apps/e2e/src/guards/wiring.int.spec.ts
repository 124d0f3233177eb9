import 'reflect-metadata';
import { allTouches, checkFeatures, commandHandlers, features, queryHandlers } from '@innkeep/assembly';
import { eventCatalog } from '@innkeep/contracts';
import type { Type } from '@nestjs/common';
import { Command, Query } from '@nestjs/cqrs';
import { featureSources } from './sources';

/** Events that nothing has to follow yet, and why they are written nonetheless. */
const ignoredEvents: Readonly<Record<string, string>> = {
  OrganizationCreated: 'the beginning of every log; operations will count by it',
  PasswordChanged: 'for who looks into an account later: no answer shows it',
  EmailVerified: 'no answer that is kept shows users',
  SecondFactorTurnedOn: 'for who looks into an account later: no answer that is kept shows it',
  SecondFactorTurnedOff: 'for who looks into an account later: no answer that is kept shows it',
  ApiKeyCreated: 'no answer that is kept shows keys',
  LeaveGranted: 'no answer that is kept shows balances',
  StaffRulesChanged: 'no answer that is kept shows rules',
  CategoryAdded: 'no answer that is kept shows categories',
  CategoryChanged: 'no answer that is kept shows categories',
  TransactionsImported: 'its transactions are events of their own, and no answer that is kept shows imports',
  TaxAdded: 'no answer that is kept shows taxes, and no transaction changes by one',
  TaxRemoved: 'no answer that is kept shows taxes, and no transaction changes by one',
  ApprovalRuleAdded: 'no answer that is kept shows rules, and no transaction changes by one',
  ApprovalRuleRemoved: 'no answer that is kept shows rules, and no transaction changes by one',
  GuestIdentityRemoved: 'no answer that is kept shows identities',
  GuestIdentityViewed: 'for who looks into it later: no answer that is kept shows who was shown what',
  OrganizationExportLinkIssued: 'for who looks into it later: no answer shows who got which link',
  OrganizationExportRequested: 'no answer that is kept shows exports',
  ReportExportRequested: 'no answer that is kept shows exports',
  ReportExportProgressed: 'no answer that is kept shows exports',
  ReportExportLinkIssued: 'for who looks into it later: no answer shows who got which link',
  UploadRefused: 'for who looks into it later: nothing of it is kept',
  UserInvited: 'no answer that is kept shows invitations',
  InvitationWithdrawn: 'no answer that is kept shows invitations',
};

const sources = featureSources();
/** The classes of a kind that the files with this ending export. */
const classesIn = (ending: string, kind: Type) =>
  sources
    .filter(({ path }) => path.endsWith(ending))
    .flatMap((source) => Object.values(source.load()))
    .filter((value): value is Type => typeof value === 'function' && value.prototype instanceof kind);
const handledBy = (handlers: readonly Type[], metadata: string) =>
  handlers.map((handler) => Reflect.getMetadata(metadata, handler) as Type);
const names = (types: readonly Type[]) => types.map(({ name }) => name).sort();

describe('the features', () => {
  it('fit together as the boot wants them to', () => {
    expect(() => checkFeatures(features)).not.toThrow();
  });

  it('handle every command exactly once', () => {
    const commands = classesIn('.command.ts', Command);
    expect(commands.length).toBeGreaterThan(10);
    expect(names(handledBy(commandHandlers(features), '__commandHandler__'))).toEqual(names(commands));
  });

  it('handle every query exactly once', () => {
    const queries = classesIn('.query.ts', Query);
    expect(queries.length).toBeGreaterThan(5);
    expect(names(handledBy(queryHandlers(features), '__queryHandler__'))).toEqual(names(queries));
  });

  it('declare commands and queries only in files named after them', () => {
    const elsewhere = sources.filter(({ path, text }) =>
      Object.entries({ '.command.ts': /extends Command</, '.query.ts': /extends Query</ }).some(
        ([ending, declares]) => declares.test(text) && !path.endsWith(ending),
      ),
    );
    expect(elsewhere.map(({ path }) => path)).toEqual([]);
  });

  it('refuse to boot with two handlers for one command', () => {
    const [handler] = commandHandlers(features);
    class Second {}
    Reflect.defineMetadata('__commandHandler__', Reflect.getMetadata('__commandHandler__', handler!), Second);
    expect(() => commandHandlers([...features, { name: 'second', commands: [Second] }])).toThrow('has two handlers');
  });

  it('use every event type, or ignore it for a reason', () => {
    // The audit log takes whatever there is: that is no use that anybody has thought of.
    const others = features.filter(({ name }) => name !== 'audit');
    const used = new Set([
      ...others.flatMap(({ projections = [], reactors = [] }) =>
        [...projections, ...reactors].flatMap(({ events }) => events.map(({ type }) => type)),
      ),
      ...allTouches(features).events.map(({ type }) => type),
    ]);
    expect([...eventCatalog.keys()].filter((type) => !used.has(type)).sort()).toEqual(
      Object.keys(ignoredEvents).sort(),
    );
  });

  it('give every event type a schema and a version', () => {
    for (const { type, version, schema } of eventCatalog.values()) {
      expect([type, version]).toEqual([type, expect.any(Number)]);
      expect([type, schema.safeParse(undefined).success]).toEqual([type, false]);
    }
  });

  it('project only event types that can be recorded', () => {
    for (const { name, events } of features.flatMap(({ projections = [] }) => projections))
      for (const event of events) expect([name, eventCatalog.get(event.type) === event]).toEqual([name, true]);
  });

  it('ask for the freshness of projections that there are', () => {
    const projections = new Set(features.flatMap((feature) => (feature.projections ?? []).map(({ name }) => name)));
    const asked = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/projections: \[([^\]]*)\]/g)].flatMap(([, list]) =>
        [...list!.matchAll(/'([^']+)'/g)].map(([, name]) => [path, name!] as const),
      ),
    );
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter(([, name]) => !projections.has(name))).toEqual([]);
  });

  it('refresh views by functions and tables that they name with their own schema', () => {
    for (const { name, projections = [], views = [], housekeeping = [] } of features) {
      const owned = [...projections.map(({ table }) => table), ...views.map((view) => view.name), ...housekeeping];
      expect(owned.filter((relation) => !relation.startsWith(`${name}.`))).toEqual([]);
    }
  });
});
