export * from './cdn-simulator';
export * from './cloudflare';
export * from './cloudfront';
export * from './fastly';
export * from './simulated-edge';
