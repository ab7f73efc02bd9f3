import { compileGlob, type Token } from './program.ts';
import {
  byteString,
  foldCase,
  fromRoot,
  MAX_PATH_BYTES,
  readable,
  rulesOf,
  withoutSlashes,
  type ByteRule,
  type Compile,
  type Decision,
  type Effect,
  type MatchOptions,
  type OmittedRule,
} from './rule.ts';
import { wildmatchTokens } from './wildmatch.ts';

/** A rule of a settings file, compiled. */
export interface PathRule {
  readonly effect: Effect;
  /** The glob's tokens. */
  readonly tokens: readonly Token[];
  /** Whether it is held against the absolute path; the one from the root if not. */
  readonly absolute?: boolean;
}

/** How one syntax reads its rules. */
export interface Dialect {
  /** Nothing for a rule that matches no path; a string says why it could not be read, and counts as omitted. */
  readonly read: (rule: ByteRule, options: MatchOptions) => readonly PathRule[] | string | undefined;
  /** Which of the rules that match decides. */
  readonly decides: 'deny-wins' | 'last-match' | 'first-match';
  /** Whether a rule that matches a folder counts for everything in it. */
  readonly folders: boolean;
  readonly ignoreCase?: boolean;
}

const STRENGTH: Readonly<Record<Effect, number>> = { allow: 0, ask: 1, deny: 2 };

/** A glob held against the path from the root, or, where it starts with `/` or `~/`, against the absolute path. */
export function anchoredGlob(effect: Effect, glob: string, options: MatchOptions): readonly PathRule[] | string {
  if (glob.startsWith('~') && options.home === undefined) return 'the home folder is not known';
  const pattern = inHome(glob, options) ?? glob.replace(/^\.\//, '');
  const tokens = globTokens(pattern);
  return tokens === undefined ? 'not a glob' : [{ effect, tokens, absolute: isAbsolute(pattern) }];
}

/** A compile function for a syntax of settings files. Sources count in the order in which they are given. */
export function globRules(dialect: Dialect): Compile {
  return (sources, options = {}) => {
    const omitted: OmittedRule[] = [];
    const fold = (dialect.ignoreCase ?? options.ignoreCase ?? false) ? foldCase : (text: string): string => text;
    const rules = sources.flatMap((source) =>
      rulesOf(source, omitted).flatMap((rule) => {
        const read = dialect.read({ ...rule, bytes: fold(rule.bytes) }, options);
        if (typeof read === 'string') omitted.push({ file: source.file, line: rule.line, reason: read });
        if (read === undefined || typeof read === 'string') return [];
        return read.map(({ effect, tokens, absolute = false }) => ({
          file: source.file,
          line: rule.line,
          pattern: readable(rule.bytes),
          effect,
          absolute,
          matches: compileGlob(tokens),
        }));
      }),
    );
    const root = options.root === undefined ? undefined : withoutSlashes(byteString(options.root));
    return {
      decide({ path }) {
        const bytes = withoutSlashes(byteString(path));
        if (bytes === '' || bytes.length > MAX_PATH_BYTES) return undefined;
        const { relative, absolute } = bothForms(bytes, root);
        const candidates = { relative: forms(relative, dialect.folders), absolute: forms(absolute, dialect.folders) };
        let best: Decision | undefined;
        for (const { matches, ...rule } of rules) {
          const matched = (rule.absolute ? candidates.absolute : candidates.relative).find((one) => matches(fold(one)));
          if (matched === undefined) continue;
          if (dialect.decides === 'deny-wins' && best !== undefined && STRENGTH[rule.effect] <= STRENGTH[best.effect])
            continue;
          const { file, line, pattern, effect } = rule;
          best = { effect, file, line, pattern, matched: readable(matched) };
          if (dialect.decides === 'first-match') break;
        }
        return best;
      },
      omitted,
    };
  };
}

/** What a rule may match of a path: itself and, where `folders` count, those above it. */
function forms(path: string | undefined, folders: boolean): readonly string[] {
  if (path === undefined || path === '') return [];
  return folders ? [...fromRoot(path)] : [path];
}

/** A path relative to the root and as an absolute one, as far as it has these forms. */
export function bothForms(path: string, root: string | undefined): { relative?: string; absolute?: string } {
  if (!path.startsWith('/')) return { relative: path, ...(root === undefined ? {} : { absolute: `${root}/${path}` }) };
  if (root !== undefined && path.startsWith(`${root}/`))
    return { relative: path.slice(root.length + 1), absolute: path };
  return { absolute: path };
}

export function isAbsolute(pattern: string): boolean {
  return pattern.startsWith('/');
}

/** Globs over paths as most programs read them: `*` and `?` match no slash, `**` any number of folders, `[]` sets. */
export function globTokens(pattern: string): readonly Token[] | undefined {
  return wildmatchTokens(pattern, { pathname: true, fold: false });
}

/** The simplest globs: `*` matches anything, slashes too, `?` one byte, and all else itself. */
export function wildcardTokens(pattern: string): readonly Token[] {
  const any = new Uint8Array(256).fill(1);
  return Array.from(pattern, (char) => (char === '*' ? 'star' : char === '?' ? any : char.charCodeAt(0)));
}

/** Alternatives in braces written out, as far as `MAX_ALTERNATIVES`; nothing beyond that. */
export function withoutBraces(pattern: string): readonly string[] | undefined {
  let open = [pattern];
  const done: string[] = [];
  while (open.length > 0) {
    if (open.length + done.length > MAX_ALTERNATIVES) return undefined;
    open = open.flatMap((text) => {
      // The innermost ones first.
      const braces = /\{([^{}]*)\}/.exec(text);
      if (braces === null) {
        done.push(text);
        return [];
      }
      const parts = (braces[1] ?? '').split(',');
      if (parts.length > MAX_ALTERNATIVES) return Array.from({ length: MAX_ALTERNATIVES + 1 }, () => text);
      return parts.map((part) => text.slice(0, braces.index) + part + text.slice(braces.index + braces[0].length));
    });
  }
  return done;
}

const MAX_ALTERNATIVES = 64;

/** Of a path of the home folder, the absolute one; nothing where it is none, or the home folder is not known. */
export function inHome(pattern: string, options: MatchOptions): string | undefined {
  const short = /^(?:~|\$HOME)(?=\/|$)/.exec(pattern)?.[0];
  if (short === undefined || options.home === undefined) return undefined;
  return withoutSlashes(byteString(options.home)) + pattern.slice(short.length);
}
