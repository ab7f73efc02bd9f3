import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Everything below a folder: kind, mode and content of each entry, to compare before and after. */
export function snapshot(folder: string, leaveOut: (path: string) => boolean = () => false): Record<string, string> {
  const entries: Record<string, string> = {};
  const visit = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      const full = join(path, name);
      const key = relative(folder, full);
      if (leaveOut(key)) continue;
      const stat = lstatSync(full);
      const mode = (stat.mode & 0o7777).toString(8);
      if (stat.isDirectory()) {
        entries[key] = `folder ${mode}`;
        visit(full);
      } else if (stat.isSymbolicLink()) {
        entries[key] = `link ${readlinkSync(full)}`;
      } else {
        entries[key] = `file ${mode} ${readFileSync(full, 'latin1')}`;
      }
    }
  };
  visit(folder);
  return entries;
}
