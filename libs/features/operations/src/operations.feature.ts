import { defineFeature } from '@innkeep/platform/feature';
import { operationsMigrations } from './operations.migrations';

export const operations = defineFeature({ name: 'operations', migrations: operationsMigrations });
