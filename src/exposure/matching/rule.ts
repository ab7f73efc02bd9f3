import { decodePath, encodePath } from '../../core/path.ts';

/**
 * What the syntaxes have in common. Paths and patterns are compared byte by byte; inside, a *byte string* is a string
 * with one character, U+0000 to U+00FF, for each byte.
 */

/** What a rule says of a path. An ignore file denies what it lists; `!` in front allows it again. */
export type Effect = 'deny' | 'ask' | 'allow';

/** One pattern, as its file has it. */
export interface Rule {
  readonly pattern: string | Uint8Array;
  /** From 1; left out where the file was not read by lines. */
  readonly line?: number;
  /** `deny` if left out, as in an ignore file. */
  readonly effect?: Effect;
}

/** One file's rules: the text of an ignore file, or what a settings file lists. */
export interface RuleSource {
  /** Its name, for whoever has to cite it. */
  readonly file: string;
  /** The folder that its patterns start from, relative to the root; '' is the root itself. */
  readonly folder?: string;
  /** A higher rank is asked first; within one rank the deepest folder, then the later source. 0 if left out. */
  readonly rank?: number;
  readonly rules: string | Uint8Array | readonly Rule[];
}

/** Where absolute patterns and paths start from: absolute paths with `/`, without one at the end. */
export interface Places {
  /** Folder that relative paths start from. */
  readonly root?: string;
  readonly home?: string;
  /** Folder in which the assistant was started; the root if left out. */
  readonly cwd?: string;
}

export interface MatchOptions extends Places {
  /** ASCII letters are equal in either case: git's core.ignoreCase. */
  readonly ignoreCase?: boolean;
}

/** The path in question: relative to the root, with `/`; text is as `decodePath` makes it. */
export interface Subject {
  readonly path: string | Uint8Array;
  readonly isFolder?: boolean;
}

/** The rule that decided. */
export interface Decision {
  readonly effect: Effect;
  readonly file: string;
  readonly line: number | undefined;
  /** As written, without what does not count (spaces at the end). */
  readonly pattern: string;
  /** What it matched: the path, or a folder above it. */
  readonly matched: string;
}

/** A rule that was not compiled. Whoever gets some cannot say for certain that a path is denied, or that it is not. */
export interface OmittedRule {
  readonly file: string;
  readonly line: number | undefined;
  readonly reason: string;
}

export interface Matcher {
  /** Nothing where no rule matches. Never throws. */
  decide(subject: Subject): Decision | undefined;
  readonly omitted: readonly OmittedRule[];
}

export type Compile = (sources: readonly RuleSource[], options?: MatchOptions) => Matcher;

/** A longer pattern is left out and told of; no path is that long (PATH_MAX is 4,096 on Linux). */
export const MAX_PATTERN_BYTES = 4096;

/** What comes behind so many rules of one file is left out and told of. */
export const MAX_RULES = 20_000;

/** A path that is longer is matched by nothing, so that it counts as visible; on Linux nothing can open one. */
export const MAX_PATH_BYTES = 4096;

/** The bytes of a path or pattern as a byte string. */
export function byteString(value: string | Uint8Array): string {
  const bytes = typeof value === 'string' ? encodePath(value) : value;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).latin1Slice();
}

/** The bytes of a pattern from a settings file, in which `\xNN` means no byte. */
function patternBytes(value: string | Uint8Array): string {
  return typeof value === 'string' ? Buffer.from(value).latin1Slice() : byteString(value);
}

export function readable(bytes: string): string {
  return decodePath(Buffer.from(bytes, 'latin1'));
}

/** ASCII letters in lower case, all other bytes as they are. */
export function foldCase(bytes: string): string {
  return bytes.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A rule within a limit's bounds, with its pattern in bytes. */
export interface ByteRule {
  readonly bytes: string;
  readonly line: number | undefined;
  readonly effect: Effect;
}

/**
 * The rules of a source; those beyond a limit go to `omitted`. Text is cut into lines as git does it
 * (https://git-scm.com/docs/gitignore): a byte order mark, empty lines, those with `#` in front, one carriage return
 * before the line feed, spaces at the end without a backslash, and what follows a NUL, do not count.
 */
export function rulesOf(source: RuleSource, omitted: OmittedRule[]): ByteRule[] {
  const { file, rules } = source;
  const found: ByteRule[] = [];
  const keep = (bytes: string, line: number | undefined, effect: Effect): boolean => {
    if (found.length === MAX_RULES) {
      omitted.push({ file, line, reason: `only the first ${MAX_RULES} rules of a file are read` });
      return false;
    }
    if (bytes.length > MAX_PATTERN_BYTES) {
      omitted.push({ file, line, reason: `longer than ${MAX_PATTERN_BYTES} bytes` });
    } else found.push({ bytes, line, effect });
    return true;
  };
  if (typeof rules !== 'string' && !(rules instanceof Uint8Array)) {
    for (const { pattern, line, effect = 'deny' } of rules) {
      if (!keep(patternBytes(pattern), line, effect)) break;
    }
    return found;
  }
  const text = patternBytes(rules).replace(/^\xEF\xBB\xBF/, '');
  let start = 0;
  for (let line = 1; start < text.length; line++) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    if (end > start && text[start] !== '#') {
      const entry = text.slice(start, text[end - 1] === '\r' ? end - 1 : end);
      const nul = entry.indexOf('\0');
      if (!keep(withoutTrailingSpaces(nul === -1 ? entry : entry.slice(0, nul)), line, 'deny')) break;
    }
    start = end + 1;
  }
  return found;
}

function withoutTrailingSpaces(entry: string): string {
  let end = entry.length;
  while (end > 0 && entry[end - 1] === ' ') end--;
  if (end === entry.length) return entry;
  // An odd number of backslashes in front keeps the first space, and nothing of those behind it.
  let slashes = 0;
  while (slashes < end && entry[end - 1 - slashes] === '\\') slashes++;
  return entry.slice(0, slashes % 2 === 1 ? end + 1 : end);
}

/** Without the slashes at the end. */
export function withoutSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  return path.slice(0, end);
}

/** The folders above a path, from the root down, and the path itself; the root is not among them. */
export function* fromRoot(path: string): Generator<string> {
  for (let at = path.indexOf('/', 1); at !== -1; at = path.indexOf('/', at + 1)) yield path.slice(0, at);
  yield path;
}
