import { PropertyCreated, PropertyPort, PropertyUpdated, tags } from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { CreatePropertyHandler } from './create-property/create-property.handler';
import { GetPropertyHandler } from './get-property/get-property.query';
import { ListPropertiesHandler } from './list-properties/list-properties.query';
import { PropertiesController } from './properties.controllers';
import { propertiesMigrations } from './properties.migrations';
import { PropertyAnswers, PropertyStore } from './property.store';
import { UpdatePropertyHandler } from './update-property/update-property.handler';

const touchesProperty = (event: { organizationId: number; propertyId?: number }) => [
  tags.organizationProperties(event.organizationId),
  tags.property(event.propertyId!),
];

export const properties = defineFeature({
  name: 'properties',
  migrations: propertiesMigrations,
  commands: [CreatePropertyHandler, UpdatePropertyHandler],
  queries: [GetPropertyHandler, ListPropertiesHandler],
  controllers: [PropertiesController],
  providers: [PropertyStore, { provide: PropertyPort, useClass: PropertyAnswers }],
  exported: {
    tables: [
      {
        table: 'properties.properties',
        columns: ['id', 'name', 'time_zone', 'currency', 'business_day_starts_at', 'version'],
        key: ['id'],
      },
    ],
  },
  touches: [touch(PropertyCreated, touchesProperty), touch(PropertyUpdated, touchesProperty)],
});
