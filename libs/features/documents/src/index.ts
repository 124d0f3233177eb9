export { documents } from './documents.feature';
export { AssetSettings, assetEnvironment } from './asset-settings';
export * from './keep-documents/keep-documents';
export { type OrphanSearch, type OrphansFound, GRACE_HOURS, removeOrphans } from './remove-orphans/remove-orphans';
