import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Stands in the second line of every script of ours. */
export const MARK = '# keepmum hook.';

export function isOurs(text: string): boolean {
  return text.split('\n', 2)[1]?.startsWith(MARK) === true;
}

/** Fills a template; the lookup that all share goes where it says `# @SCAN@`. */
export function render(templates: string, name: string, values: Readonly<Record<string, string>> = {}): string {
  const read = (file: string): string => readFileSync(join(templates, file), 'latin1').replaceAll('\r\n', '\n');
  // Functions as replacements: `$&` in a path must stay what it is.
  const text = read(name).replace('# @SCAN@\n', () => read('scan.sh'));
  return text.replaceAll(/@([A-Z]+)@/g, (whole, key: string) => values[key] ?? whole);
}

/** A word for the shell. Bytes of UTF-8 as Latin-1, as all text of scripts is here. */
export function quote(path: string): string {
  return `'${Buffer.from(path)
    .toString('latin1')
    .replaceAll("'", String.raw`'\''`)}'`;
}

/** The value that a script of ours gives to a variable. */
export function recorded(text: string, variable: string): string | undefined {
  const raw = new RegExp(`^${variable}=(.*)$`, 'm').exec(text)?.[1];
  if (raw === undefined) return undefined;
  const value = raw.startsWith("'") ? raw.slice(1, -1).replaceAll(String.raw`'\''`, "'") : raw;
  return Buffer.from(value, 'latin1').toString();
}
