/** Guests: parties that are expected, check in and check out; who they are, for as long as that may be known; how properties are filled. */
export * from './guests.feature';
/** What becomes of a stay, for whoever makes many of them at once. */
export * as stayDecisions from './stay';
export { eventOf as stayEventOf } from './stay.events';
