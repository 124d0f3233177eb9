import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const programs = ['chromium', 'chromium-browser', 'google-chrome'];

/** Where Chromium is, if it is on the PATH. */
function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = programs.flatMap((program) => folders.map((folder) => join(folder, program)));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Skipped where there is no Chromium, but never in CI. */
export const itInBrowser = (name: string, test: () => Promise<void>): void =>
  (findChromium() !== undefined || process.env.CI ? it : it.skip)(name, test);

/** Starts Chromium without a window. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('chromium must be on the PATH (Debian: chromium)');
  // Tests may run as root in a container, where Chromium has no sandbox and little shared memory.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
}
