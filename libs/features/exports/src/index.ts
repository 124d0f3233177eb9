export { exporting } from './exports.feature';
export * from './make-export/make-export';
