import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The licences of the packages whose modules were bundled, as their terms ask. */
export async function thirdPartyNotices(root, moduleIds) {
  const names = new Set();
  for (const id of moduleIds) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(id.replaceAll('\\', '/'));
    if (match) names.add(match[1]);
  }
  const parts = ['keepmum bundles these packages.\n'];
  for (const name of [...names].toSorted((a, b) => (a < b ? -1 : 1))) {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(join(folder, file), 'utf8') : '';
    parts.push(`${'='.repeat(78)}\n${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return parts.join('\n');
}
