/** Guests: parties that are expected, check in and check out; who they are, for as long as that may be known; how properties are filled. */
export * from './guests.feature';
