/**
 * Files: *storage* (whole files by name, behind a port: on a disk or in buckets), *signed links* (tokens by which somebody without an
 * access token puts or gets one file), *tar* (one file out of many) and *CSV* (rows as
 * spreadsheets take them and write them).
 *
 * Invariants: a file is there whole or not at all; no name leads out of the storage; nothing that a client says of a file is believed
 * before the file was looked at.
 */
export * from './csv';
export * from './file-storage';
export * from './files-environment';
export * from './local-files';
export * from './read-csv';
export * from './signed-links';
export * from './tar';
export * from './write-file';
