import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Where Chromium is: `CHROMIUM_PATH`, or the first on `PATH`.
 * @throws {Error} where there is none: pages are tested in a real browser or not at all.
 */
export function chromiumPath(): string {
  const told = process.env['CHROMIUM_PATH'];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const places = told === undefined ? NAMES.flatMap((name) => folders.map((folder) => join(folder, name))) : [told];
  const found = places.find(isProgram);
  if (found !== undefined) return found;
  throw new Error(
    told === undefined
      ? 'there is no Chromium on PATH: install it (apt-get install chromium), or set CHROMIUM_PATH'
      : `CHROMIUM_PATH names no program: ${told}`,
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A browser of its own, that asks nobody for anything. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Its sandbox does not work for root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}
