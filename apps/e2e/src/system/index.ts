/** The product as its users meet it: three processes, an address, members who call it. */
export * from './api-client';
export * from './browser';
export * from './innkeep-under-test';
export * from './members';
export * from './shared-innkeep';
export * from './signing-key';
export * from './tools';
