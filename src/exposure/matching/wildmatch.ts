import type { Token } from './program.ts';

const SLASH = 0x2f;

export interface WildmatchOptions {
  /** Stars, question marks and sets match no slash, and `**` has a meaning: in patterns with a slash. */
  readonly pathname: boolean;
  /** The text comes in lower case. As in git, a letter behind a backslash, and a capital alone in a set, then match nothing. */
  readonly fold: boolean;
}

/**
 * The globs of git (https://git-scm.com/docs/gitignore, "PATTERN FORMAT"), to the letter: how it reads what is
 * odd was measured with `git check-ignore`, and the test repeats it.
 *
 * @param pattern a byte string
 * @returns nothing for a pattern that can match nothing, such as one with a set that does not end
 */
export function wildmatchTokens(pattern: string, options: WildmatchOptions): Token[] | undefined {
  const { pathname, fold } = options;
  const anyByte = pathname ? notSlash() : new Uint8Array(256).fill(1);
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '\\') {
      at++;
      if (at === pattern.length) return undefined;
      tokens.push(pattern.charCodeAt(at));
    } else if (char === '?') tokens.push(anyByte);
    else if (char === '[') {
      const set = readSet(pattern, at, fold);
      if (set === undefined) return undefined;
      if (pathname) set.bytes[SLASH] = 0;
      tokens.push(set.bytes);
      at = set.last;
    } else if (char === '*') {
      const first = at;
      while (pattern[at + 1] === '*') at++;
      if (!pathname) tokens.push('star');
      else if (at === first || !(first === 0 || pattern[first - 1] === '/')) tokens.push('segment');
      else if (at + 1 === pattern.length || pattern.startsWith('\\/', at + 1)) tokens.push('star');
      else if (pattern[at + 1] === '/') {
        tokens.push('folders');
        at++;
      } else tokens.push('segment');
    } else {
      const code = pattern.charCodeAt(at);
      tokens.push(fold && isUpper(code) ? code + 32 : code);
    }
  }
  return tokens;
}

function notSlash(): Uint8Array {
  const set = new Uint8Array(256).fill(1);
  set[SLASH] = 0;
  return set;
}

function isUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

/** The classes of POSIX over ASCII; as in git, a vertical tab and a form feed are no space. */
const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  // oxlint-disable-next-line no-control-regex -- the class of control characters
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

/** The set that starts at `open`, one element per byte, and where its `]` is; nothing where it is not well formed. */
function readSet(pattern: string, open: number, fold: boolean): { bytes: Uint8Array; last: number } | undefined {
  const bytes = new Uint8Array(256);
  let at = open + 1;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at++;
  /** What a range may start with: the byte before, if it stood for itself. */
  let from: number | undefined;
  // A `]` in the first place is a member.
  for (let first = true; first || pattern[at] !== ']'; first = false, at++) {
    if (at >= pattern.length) return undefined;
    const char = pattern.charAt(at);
    if (char === '-' && from !== undefined && at + 1 < pattern.length && pattern[at + 1] !== ']') {
      at++;
      if (pattern[at] === '\\') at++;
      if (at >= pattern.length) return undefined;
      const to = pattern.charCodeAt(at);
      for (let byte = from; byte <= to; byte++) {
        bytes[byte] = 1;
        if (fold && isUpper(byte)) bytes[byte + 32] = 1;
      }
      from = undefined;
    } else if (char === '[' && pattern[at + 1] === ':') {
      const close = pattern.indexOf(']', at + 2);
      if (close === -1) return undefined;
      if (close === at + 2 || pattern[close - 1] !== ':') {
        from = 0x5b;
        bytes[from] = 1;
        continue;
      }
      const name = pattern.slice(at + 2, close - 1);
      const members = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
      if (members === undefined) return undefined;
      for (let byte = 0; byte < 256; byte++) {
        if (!members.test(String.fromCharCode(byte))) continue;
        bytes[byte] = 1;
        if (fold && name === 'upper') bytes[byte + 32] = 1;
      }
      at = close;
      from = undefined;
    } else {
      if (char === '\\') at++;
      if (at >= pattern.length) return undefined;
      from = pattern.charCodeAt(at);
      bytes[from] = 1;
    }
  }
  if (negated) for (let byte = 0; byte < 256; byte++) bytes[byte] = bytes[byte] === 1 ? 0 : 1;
  return { bytes, last: at };
}
