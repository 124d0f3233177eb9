export { documents } from './documents.feature';
export { AssetSettings, assetEnvironment } from './asset-settings';
export * from './keep-documents/keep-documents';
