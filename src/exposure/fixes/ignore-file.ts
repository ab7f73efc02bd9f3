import type { Mechanism } from '../assistants.ts';
import type { Edit, Fixer } from './plan.ts';

/** Adds lines to the assistant's own ignore file, at the root of the repository. */
export const ignoreFile: Fixer = ({ assistant, paths, project, denies }) => {
  const found = ownFile(assistant);
  if (found === undefined) return [];
  const { id, file } = found;
  const open = paths.filter((path) => !denies(id, path));
  return withLines(
    file,
    open.flatMap((path) => gitignorePattern(path) ?? []),
    project.read(file),
  );
};

/** The ignore file that keeps most back: hard before soft, and for reading before others. */
function ownFile({
  mechanisms,
  channels,
}: Parameters<Fixer>[0]['assistant']): { readonly id: string; readonly file: string } | undefined {
  let best: { readonly id: string; readonly file: string; readonly worth: number } | undefined;
  for (const [id, mechanism] of Object.entries(mechanisms)) {
    if (!isUsable(mechanism)) continue;
    let worth = 0;
    for (const [channel, { barriers }] of Object.entries(channels)) {
      const hardness = typeof barriers === 'string' ? undefined : barriers[id];
      if (hardness !== undefined) worth += (hardness === 'hard' ? 10 : 1) * (channel === 'read' ? 10 : 1);
    }
    if (worth > (best?.worth ?? 0)) best = { id, file: mechanism.file, worth };
  }
  return best;
}

function isUsable(mechanism: Mechanism): mechanism is Mechanism & { readonly file: string } {
  const { kind, file, default: state, until } = mechanism;
  return (
    kind === 'ignore-file' && file !== undefined && !file.startsWith('~/') && state !== 'off' && until === undefined
  );
}

/**
 * The pattern of gitignore(5) that names this path and no other; nothing for a path that none can name.
 *
 * @see https://git-scm.com/docs/gitignore
 */
export function gitignorePattern(path: string): string | undefined {
  // A line ends a pattern, and `\xNN` stands for a byte that is no text.
  if (/[\n\r\0]|\\x[89A-F][0-9A-F]/.test(path)) return undefined;
  return `/${path.replaceAll(/[\\*?[]/g, String.raw`\$&`).replace(/ +$/, (spaces) => String.raw`\ `.repeat(spaces.length))}`;
}

const NOTE = '# Files with secrets, added by keepmum.';

/** A text with lines behind it, in its own kind of line ends. */
export function withLines(
  file: string,
  lines: readonly string[],
  before: ReturnType<Parameters<Fixer>[0]['project']['read']>,
): readonly Edit[] {
  if (before !== undefined && 'trouble' in before) return [];
  const text = before?.text ?? '';
  // Where one stands already and does not close, something beyond this file opens, and another changes nothing.
  const held = text.split(/\r?\n/);
  const behind = new Set(held.slice(held.findLastIndex((line) => line.startsWith('!')) + 1));
  const added = lines.filter((line) => !behind.has(line));
  if (added.length === 0) return [];
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : end;
  const note = text.includes(NOTE) ? [] : [...(text === '' ? [] : ['']), NOTE];
  return [{ file, after: `${text}${gap}${[...note, ...added].map((line) => line + end).join('')}` }];
}
