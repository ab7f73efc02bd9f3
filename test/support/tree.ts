import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { relative } from 'node:path';

/** Everything below a folder: kind, mode and content of each entry, to compare before and after. */
export function snapshot(folder: string, leaveOut: (path: string) => boolean = () => false): Record<string, string> {
  const entries: Record<string, string> = {};
  // Names as bytes: not each of them is UTF-8.
  const visit = (path: Buffer): void => {
    for (const name of readdirSync(path, { encoding: 'buffer' }).toSorted((a, b) => Buffer.compare(a, b))) {
      const full = Buffer.concat([path, Buffer.from('/'), name]);
      const key = relative(folder, full.toString()) + (full.toString().includes('\ufffd') ? full.toString('hex') : '');
      if (leaveOut(key)) continue;
      const stat = lstatSync(full);
      const mode = (stat.mode & 0o7777).toString(8);
      if (stat.isDirectory()) {
        entries[key] = `folder ${mode}`;
        visit(full);
      } else if (stat.isSymbolicLink()) {
        entries[key] = `link ${readlinkSync(full)}`;
      } else if (stat.isFile()) {
        entries[key] = `file ${mode} ${readFileSync(full, 'latin1')}`;
      } else {
        entries[key] = `special ${mode}`;
      }
    }
  };
  visit(Buffer.from(folder));
  return entries;
}
