export { exporting } from './exports.feature';
export { folderOf } from './export';
export * from './make-export/make-export';
