const OPEN = '# >>> keepmum';
const CLOSE = '# <<< keepmum';
const NO_NEWLINE = ' (no newline before)';

/** Puts lines between marks, at an offset that is the start of a line or the end of the text. */
export function insertBlock(text: string, at: number, lines: readonly string[], indent = ''): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const cut = at > 0 && text[at - 1] !== '\n';
  const block = [`${OPEN}${cut ? NO_NEWLINE : ''}`, ...lines, CLOSE].map((line) => `${indent}${line}${eol}`).join('');
  return `${text.slice(0, at)}${cut ? eol : ''}${block}${text.slice(at)}`;
}

export function hasBlock(text: string): boolean {
  return text.includes(OPEN) && text.includes(CLOSE);
}

/** Takes out every block with its marks; the rest stays as it is, byte for byte. */
export function removeBlocks(text: string): string {
  let kept = '';
  let inside = false;
  for (const line of text.split(/(?<=\n)/)) {
    const bare = line.trim();
    if (!inside && bare.startsWith(OPEN)) {
      inside = true;
      if (bare === `${OPEN}${NO_NEWLINE}`) kept = kept.replace(/\r?\n$/, '');
    }
    if (!inside) kept += line;
    if (bare === CLOSE) inside = false;
  }
  return kept;
}

/** Offset of the start of the line after the one that holds `offset`; the end of the text where there is none. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}
