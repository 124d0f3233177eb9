import { GuestErased, GuestPort, type RecordedEvent, UnitAdded, UnitChanged, tags } from '@innkeep/contracts';
import { defineFeature, touch } from '@innkeep/platform/feature';
import { AvailabilityController } from './availability.controller';
import { ArriveHandler } from './arrive/arrive.handler';
import { CancelStayHandler } from './cancel-stay/cancel-stay.handler';
import { ChangeStayHandler } from './change-stay/change-stay.handler';
import { CheckInGuestHandler } from './check-in-guest/check-in-guest.handler';
import { CheckOutGuestHandler } from './check-out-guest/check-out-guest.handler';
import { documentTrail } from './document-trail/document-trail.projection';
import { EraseGuestHandler } from './erase-guest/erase-guest.handler';
import { GetMovementsHandler } from './get-movements/get-movements.query';
import { GetOccupancyHandler } from './get-occupancy/get-occupancy.query';
import { GetStayHandler } from './get-stay/get-stay.query';
import { guestWords } from './guest-words/guest-words.projection';
import { GuestAnswers } from './guest-answers.store';
import { GuestDocuments } from './guest-documents.store';
import { GuestCheckinController } from './guest-checkin.controller';
import { GuestIdentities } from './guest-identities';
import { GuestIdentitiesController } from './guest-identities.controller';
import { GuestListsController } from './guest-lists.controller';
import { guestsExported } from './guests.exported';
import { guestsMigrations } from './guests.migrations';
import { IdentityStore } from './identity.store';
import { ListAvailableUnitsHandler } from './list-available-units/list-available-units.query';
import { ListDayHandler } from './list-day/list-day.query';
import { ListIdentityTrailHandler } from './list-identity-trail/list-identity-trail.query';
import { ListStaysHandler } from './list-stays/list-stays.query';
import { OccupancyController } from './occupancy.controller';
import { propertyCalendars } from './property-calendars/property-calendars.projection';
import { RecordStaysInBulkHandler } from './record-stays-in-bulk/record-stays-in-bulk.handler';
import { occupancyTable } from './report-tables/occupancy-table.sql';
import { staysTable } from './report-tables/stays-table.sql';
import { RemoveIdentity } from './remove-identity/remove-identity.command';
import { RemoveIdentityHandler } from './remove-identity/remove-identity.handler';
import { StayChange } from './stay-change';
import { stayEvents } from './stay.events';
import { stayDays } from './stay-days/stay-days.projection';
import { StayStore } from './stay.store';
import { UnitChoices } from './unit-choices';
import { unitDays } from './unit-days/unit-days.projection';
import { unitParticulars } from './unit-particulars/unit-particulars.projection';
import { ViewIdentityHandler } from './view-identity/view-identity.handler';

const HOUR = 3_600;

const touchesLists = ({ organizationId, propertyId }: RecordedEvent) => [
  tags.organizationGuests(organizationId),
  tags.guestList(propertyId!),
];
const touchesOccupancy = ({ propertyId }: RecordedEvent) => [tags.occupancy(propertyId!)];

export const guests = defineFeature({
  name: 'guests',
  migrations: guestsMigrations,
  commands: [
    CheckInGuestHandler,
    ArriveHandler,
    ChangeStayHandler,
    CheckOutGuestHandler,
    CancelStayHandler,
    RecordStaysInBulkHandler,
    ViewIdentityHandler,
    RemoveIdentityHandler,
    EraseGuestHandler,
  ],
  queries: [
    GetStayHandler,
    ListStaysHandler,
    ListDayHandler,
    GetOccupancyHandler,
    ListAvailableUnitsHandler,
    GetMovementsHandler,
    ListIdentityTrailHandler,
  ],
  // Lists first: their paths would otherwise be taken for ids.
  controllers: [
    GuestListsController,
    GuestCheckinController,
    GuestIdentitiesController,
    OccupancyController,
    AvailabilityController,
  ],
  providers: [
    StayStore,
    IdentityStore,
    GuestIdentities,
    StayChange,
    UnitChoices,
    { provide: GuestPort, useClass: GuestAnswers },
  ],
  documentOwners: [GuestDocuments],
  reportTables: [staysTable, occupancyTable],
  projections: [stayDays, unitDays, unitParticulars, propertyCalendars, guestWords, documentTrail],
  touches: [
    ...stayEvents.map((eventType) => touch(eventType, (event) => [...touchesLists(event), ...touchesOccupancy(event)])),
    touch(GuestErased, touchesLists),
    ...[UnitAdded, UnitChanged].map((eventType) => touch(eventType, touchesOccupancy)),
  ],
  timed: [
    {
      name: 'remove-guest-identities',
      everySeconds: HOUR,
      due: 'guests.identities_due',
      command: (context, id, now) => new RemoveIdentity(context, id, now),
    },
  ],
  exported: guestsExported,
});
