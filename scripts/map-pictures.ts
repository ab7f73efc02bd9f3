// Draws docs/images/map-small.png and map-large.png from two pages that `keepmum map --html` made.
//   node scripts/run.mjs scripts/map-pictures.ts SMALL.html LARGE.html
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchChromium } from '../test/support/chromium.ts';

const IMAGES = resolve('docs', 'images');

/** What a README can carry. */
const MOST_BYTES = 300_000;

const PICTURES = [
  // What is told first, the matrix and the privileges; as light as most pages that show it.
  { name: 'map-small', width: 1280, height: 1900, scale: 1, colorScheme: 'light', hash: '', jump: undefined },
  // The matrix with all assistants.
  { name: 'map-large', width: 1440, height: 940, scale: 1, colorScheme: 'dark', hash: '#all=yes', jump: '#matrix' },
] as const;

const pages = process.argv.slice(2);
if (pages.length !== PICTURES.length) {
  throw new Error('two pages are asked for: node scripts/run.mjs scripts/map-pictures.ts SMALL.html LARGE.html');
}
const browser = await launchChromium();
try {
  for (const [index, { name, width, height, scale, colorScheme, hash, jump }] of PICTURES.entries()) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, deviceScaleFactor: scale });
    await page.goto(pathToFileURL(resolve(pages[index] ?? '')).href + hash);
    await page.locator('.strip').first().waitFor();
    // Longer than the page is where there is less to tell.
    const end = await page.locator('#problems').boundingBox();
    const room = jump === undefined ? Math.min(height, Math.floor(end?.y ?? height) - 12) : height;
    if (jump !== undefined) await page.locator(jump).evaluate((element) => element.scrollIntoView());
    const path = resolve(IMAGES, `${name}.png`);
    await page.screenshot({ path, clip: { x: 0, y: 0, width, height: room } });
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MOST_BYTES}`);
    console.log(`${path} written, ${size} bytes`);
  }
} finally {
  await browser.close();
}
