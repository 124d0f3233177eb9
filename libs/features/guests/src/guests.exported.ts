import type { Exported } from '@innkeep/platform/feature';

const derived = 'made from the stays and units, which are there';

/** What of guests an organization takes along. */
export const guestsExported: Exported = {
  tables: [
    {
      table: 'guests.stays',
      columns: [
        ...['id', 'property_id', 'status', 'guest_name', 'email', 'phone', 'country', 'adults', 'children', 'unit_ids'],
        ...['arrives_on', 'departs_on', 'arrived_on', 'departed_on', 'checked_in_at', 'checked_out_at', 'cancelled_at'],
        ...['cancellation_reason', 'external_reference', 'erased_at', 'version'],
      ],
      key: ['id'],
    },
    {
      table: 'guests.identity_trail',
      columns: ['id', 'stay_id', 'property_id', 'what', 'by_user_id', 'purpose', 'at'],
      key: ['id'],
    },
    {
      table: 'guests.document_trail',
      columns: ['version', 'stay_id', 'document_id', 'what', 'by_user_id', 'purpose', 'at'],
      key: ['version'],
    },
  ],
  leftOut: {
    'guests.identities': 'sealed: each is shown one by one, and each time is noted',
    'guests.unit_holds': 'made from the stays, which are there',
    'guests.stay_days': derived,
    'guests.unit_days': derived,
    'guests.unit_particulars': derived,
    'guests.guest_words': derived,
    'guests.property_calendars': 'the same is among the properties',
  },
};
