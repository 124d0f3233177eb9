/**
 * The columns of a bookings file, in the order in which they enter a booking's external reference. This list must never change:
 * another one gives every booking another reference, and the next import would record all of them a second time.
 */
export const bookingColumns = [
  'hotel',
  'is_canceled',
  'lead_time',
  'arrival_date_year',
  'arrival_date_month',
  'arrival_date_week_number',
  'arrival_date_day_of_month',
  'stays_in_weekend_nights',
  'stays_in_week_nights',
  'adults',
  'children',
  'babies',
  'meal',
  'country',
  'market_segment',
  'distribution_channel',
  'is_repeated_guest',
  'previous_cancellations',
  'previous_bookings_not_canceled',
  'reserved_room_type',
  'assigned_room_type',
  'booking_changes',
  'deposit_type',
  'agent',
  'company',
  'days_in_waiting_list',
  'customer_type',
  'adr',
  'required_car_parking_spaces',
  'total_of_special_requests',
  'reservation_status',
  'reservation_status_date',
] as const;

export type BookingColumn = (typeof bookingColumns)[number];

/** The columns without which a row cannot become a stay and a revenue. Some of the others say more of the party; all tell bookings apart. */
export const neededColumns = [
  'arrival_date_year',
  'arrival_date_month',
  'arrival_date_day_of_month',
  'stays_in_weekend_nights',
  'stays_in_week_nights',
  'adr',
  'reservation_status',
] as const satisfies readonly BookingColumn[];

/** The cells of one row, trimmed. A column that the file does not have is empty. */
export type Booking = Readonly<Record<BookingColumn, string>>;
