/**
 * Files: *storage* (whole files by name, behind a port: here on a disk), *tar* (one file out of many) and *CSV* (rows as
 * spreadsheets take them and write them).
 *
 * Invariants: a file is there whole or not at all; no name leads out of the storage's folder.
 */
export * from './csv';
export * from './file-storage';
export * from './local-files';
export * from './read-csv';
export * from './tar';
