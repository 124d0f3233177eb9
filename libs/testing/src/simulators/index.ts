export * from './cdn-simulator';
export * from './cloudflare';
export * from './cloudfront';
export * from './fastly';
export * from './s3';
export * from './simulated-edge';
