// Looks programs up on the PATH.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian keeps servers where a normal user's PATH does not look. */
const serverFolders = process.platform === 'win32' ? [] : ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The PATH with the folders of server programs at its end, for child processes that look programs up themselves. */
export function searchPath() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return [...new Set([...folders, ...serverFolders])].join(delimiter);
}

/** The full path of a program, or undefined. */
export function findProgram(name) {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return searchPath()
    .split(delimiter)
    .map((folder) => join(folder, file))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
      } catch {
        return false;
      }
    });
}
