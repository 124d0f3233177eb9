import { PropertyCreated, PropertyPort, PropertyUpdated, UnitPort, tags } from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { AddUnitHandler } from './add-unit/add-unit.handler';
import { ChangeUnitHandler } from './change-unit/change-unit.handler';
import { CreatePropertyHandler } from './create-property/create-property.handler';
import { GetPropertyHandler } from './get-property/get-property.query';
import { ListPropertiesHandler } from './list-properties/list-properties.query';
import { ListUnitsHandler } from './list-units/list-units.query';
import { PropertiesController } from './properties.controllers';
import { propertiesMigrations } from './properties.migrations';
import { PropertyAnswers, PropertyStore } from './property.store';
import { UnitAnswers, UnitStore } from './unit.store';
import { UnitsController } from './units.controller';
import { UpdatePropertyHandler } from './update-property/update-property.handler';

const touchesProperty = (event: { organizationId: number; propertyId?: number }) => [
  tags.organizationProperties(event.organizationId),
  tags.property(event.propertyId!),
];

export const properties = defineFeature({
  name: 'properties',
  migrations: propertiesMigrations,
  commands: [CreatePropertyHandler, UpdatePropertyHandler, AddUnitHandler, ChangeUnitHandler],
  queries: [GetPropertyHandler, ListPropertiesHandler, ListUnitsHandler],
  controllers: [PropertiesController, UnitsController],
  providers: [
    PropertyStore,
    UnitStore,
    { provide: PropertyPort, useClass: PropertyAnswers },
    { provide: UnitPort, useClass: UnitAnswers },
  ],
  exported: {
    tables: [
      {
        table: 'properties.properties',
        columns: ['id', 'name', 'time_zone', 'currency', 'business_day_starts_at', 'version'],
        key: ['id'],
      },
      {
        table: 'properties.units',
        columns: [
          ...[
            'id',
            'property_id',
            'name',
            'unit_type',
            'capacity',
            'in_service_from',
            'in_service_until',
            'out_of_order',
          ],
          'version',
        ],
        key: ['id'],
      },
    ],
  },
  touches: [touch(PropertyCreated, touchesProperty), touch(PropertyUpdated, touchesProperty)],
});
