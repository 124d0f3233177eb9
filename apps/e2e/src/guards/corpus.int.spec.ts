import 'reflect-metadata';
import { type EventType, eventCatalog, isSealed, upcast, withhold } from '@innkeep/contracts';
import { UnitOfWork } from '@innkeep/platform/database';
import { createTestDatabase } from '@innkeep/testing';
import { CommandBus } from '@nestjs/cqrs';
import { openCommandApp } from './command-app';
import { fold, projections, readKeys, readLog } from './corpus/folded';
import { Recording } from './corpus/recording';
import { Story } from './corpus/story';

/** Only when a person asks for it, and never in place of what is there. */
const isRecording = process.env.CORPUS === 'record';
const HOW = 'record it with: CORPUS=record npm test -- guards/corpus (see apps/e2e/src/guards/corpus/README.md)';

/** Types and versions that no recording has. */
function missing(): string[] {
  const recorded = new Set(
    Recording.all().flatMap(({ events }) => events.map((event) => `${event.type} version ${event.schema_version}`)),
  );
  const known = [...eventCatalog.values()].flatMap(({ type, version }) =>
    Array.from({ length: version }, (_, index) => `${type} version ${index + 1}`),
  );
  return known.filter((one) => !recorded.has(one));
}

async function recordStory(): Promise<void> {
  const database = await createTestDatabase();
  const app = await openCommandApp(database, 'corpus');
  try {
    await new Story(app.get(CommandBus), app.get(UnitOfWork)).tell();
    Recording.add(await readLog(database), await readKeys(database));
  } finally {
    await app.close();
    await database.drop();
  }
}

describe('the recorded corpus of events', () => {
  if (isRecording) {
    beforeAll(async () => {
      if (missing().length > 0) await recordStory();
      for (const recording of Recording.all()) {
        const rows = await fold(recording);
        for (const { name, version } of projections)
          if (!recording.hasRowsOf(name, version)) recording.addRows(name, version, rows.get(name)!);
      }
    });
  }

  it('holds every event type in every version that it has had', () => {
    expect({ missing: missing(), HOW }).toEqual({ missing: [], HOW });
  });

  it('holds the rows of every read model as it is now', () => {
    const without = Recording.all().flatMap((recording) =>
      projections
        .filter(({ name, version }) => !recording.hasRowsOf(name, version))
        .map(({ name, version }) => `recording ${recording.name}: ${name} version ${version}`),
    );
    expect({ without, HOW }).toEqual({ without: [], HOW });
  });

  it('holds personal fields sealed, as the log does', () => {
    for (const { type, schema_version, data } of Recording.all().flatMap(({ events }) => events)) {
      const { personal = [], version } = eventCatalog.get(type) as EventType;
      if (schema_version < version) continue;
      const open = personal.filter((field) => data[field] !== null && !isSealed(data[field]));
      expect([type, open]).toEqual([type, []]);
    }
  });

  it('is still read as today’s events', () => {
    for (const { type, schema_version, data } of Recording.all().flatMap(({ events }) => events)) {
      const eventType = eventCatalog.get(type) as EventType;
      const { error } = eventType.schema.safeParse(upcast(eventType, schema_version, withhold(data)));
      expect([type, schema_version, error?.issues]).toEqual([type, schema_version, undefined]);
    }
  });

  it('still folds to the rows that were recorded', async () => {
    for (const recording of Recording.all()) {
      const rows = await fold(recording);
      for (const { name, version } of projections)
        if (recording.hasRowsOf(name, version))
          expect([recording.name, name, rows.get(name)]).toEqual([
            recording.name,
            name,
            recording.rowsOf(name, version),
          ]);
    }
  });
});
