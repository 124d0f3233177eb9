import { type Migration, directoryMigrations } from '@innkeep/platform/database';
import { deletionMigrations } from '@innkeep/platform/deletion';
import { edgeMigrations, purgingMigrations } from '@innkeep/platform/edge';
import { eventMigrations } from '@innkeep/platform/events';
import { httpMigrations, revocationMigrations } from '@innkeep/platform/http';
import { mailMigrations } from '@innkeep/platform/mail';
import { privacyMigrations } from '@innkeep/platform/privacy';
import { realtimeMigrations } from '@innkeep/platform/realtime';
import { features } from './features';

/** All migrations, platform and features; they run in the order of their numbers. */
export const migrations: readonly Migration[] = [
  ...directoryMigrations,
  ...eventMigrations,
  ...edgeMigrations,
  ...purgingMigrations,
  ...httpMigrations,
  ...revocationMigrations,
  ...mailMigrations,
  ...privacyMigrations,
  ...deletionMigrations,
  ...realtimeMigrations,
  ...features.flatMap((feature) => feature.migrations ?? []),
];
