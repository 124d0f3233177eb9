import {
  GuestCheckedIn,
  GuestCheckedOut,
  PropertyCreated,
  PropertyUpdated,
  type RecordedEvent,
  StayChanged,
  TransactionApproved,
  TransactionReversed,
  UnitAdded,
  UnitChanged,
  tags,
} from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { AnalyticsController } from './analytics.controllers';
import { analyticsMigrations } from './analytics.migrations';
import { days } from './days/days.projection';
import { GetOverviewHandler } from './get-overview/get-overview.query';
import { properties } from './properties/properties.projection';
import { stays } from './stays/stays.projection';
import { units } from './units/units.projection';

const touchesOverview = ({ organizationId }: RecordedEvent) => [tags.analytics(organizationId)];

export const analytics = defineFeature({
  name: 'analytics',
  migrations: analyticsMigrations,
  queries: [GetOverviewHandler],
  controllers: [AnalyticsController],
  projections: [properties, days, units, stays],
  touches: [
    touch(TransactionApproved, touchesOverview),
    touch(TransactionReversed, touchesOverview),
    touch(PropertyCreated, touchesOverview),
    touch(PropertyUpdated, touchesOverview),
    touch(UnitAdded, touchesOverview),
    touch(UnitChanged, touchesOverview),
    touch(GuestCheckedIn, touchesOverview),
    touch(StayChanged, touchesOverview),
    touch(GuestCheckedOut, touchesOverview),
  ],
  exported: {
    tables: [],
    leftOut: {
      'analytics.days': 'made from the transactions, which are there',
      'analytics.properties': 'the same is among the properties',
      'analytics.stays': 'made from the stays, which are there',
      'analytics.units': 'made from the units, which are there',
    },
  },
});
