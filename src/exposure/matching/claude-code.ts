import { compileRule, type GitignoreRule } from './gitignore.ts';
import { bothForms, inHome } from './path-globs.ts';
import {
  byteString,
  fromRoot,
  MAX_PATH_BYTES,
  readable,
  rulesOf,
  withoutSlashes,
  type ByteRule,
  type Compile,
  type Effect,
  type MatchOptions,
  type OmittedRule,
  type RuleSource,
} from './rule.ts';

/** A root nobody wrote down: no pattern can name it. */
const SOME_ROOT = '/\0';

interface ReadRule {
  readonly file: string;
  readonly line: number | undefined;
  readonly written: string;
  readonly effect: Effect;
  /** Absolute, with a slash at its end. */
  readonly base: string;
  readonly rule: GitignoreRule;
}

const ORDER: readonly Effect[] = ['deny', 'ask', 'allow'];

/**
 * Rules of Claude Code, `Read(pattern)` or `Read`; those of other tools (`Write(…)` and `Glob(…)` are never consulted
 * for paths) say nothing of reading. The pattern is one of gitignore(5) with four anchors: `//` the file system, `~/`
 * home, `/` the folder of the settings (a source's `folder`, which may be absolute), and none, or `./`, the folder in
 * which it was started. A deny rule without an anchor counts at any depth below that, others from there on only.
 * Of those that match, deny comes before ask and ask before allow, whatever their order and file.
 *
 * @see https://code.claude.com/docs/en/permissions
 */
export const compileClaudeCode: Compile = (sources, options = {}) => {
  const omitted: OmittedRule[] = [];
  const root = withoutSlashes(byteString(options.root ?? SOME_ROOT));
  const rules = sources.flatMap((source) =>
    rulesOf(source, omitted).flatMap((rule) => readRule(rule, source, root, options, omitted)),
  );
  const ordered = ORDER.flatMap((effect) => rules.filter((rule) => rule.effect === effect));
  return {
    decide({ path, isFolder = false }) {
      const bytes = withoutSlashes(byteString(path));
      if (bytes === '' || bytes.length > MAX_PATH_BYTES) return undefined;
      const { absolute = '' } = bothForms(bytes, root);
      for (const { base, rule, effect, file, line, written } of ordered) {
        if (!absolute.startsWith(base)) continue;
        const name = absolute.slice(base.length);
        for (const part of fromRoot(name)) {
          if (!rule.matches({ name: part, isFolder: isFolder || part !== name })) continue;
          return { effect, file, line, pattern: written, matched: readable(root === SOME_ROOT ? bytes : base + part) };
        }
      }
      return undefined;
    },
    omitted,
  };
};

function readRule(
  rule: ByteRule,
  source: RuleSource,
  root: string,
  options: MatchOptions,
  omitted: OmittedRule[],
): readonly ReadRule[] {
  const specifier = rule.bytes === 'Read' ? '**' : /^Read\(([^]*)\)$/.exec(rule.bytes)?.[1];
  // A negation by itself opens nothing, and each rule stands for itself.
  if (specifier === undefined || specifier.startsWith('!')) return [];
  let base = withoutSlashes(byteString(options.cwd ?? options.root ?? SOME_ROOT));
  let pattern = specifier;
  if (specifier.startsWith('//')) {
    base = '';
    pattern = specifier.slice(1);
  } else if (specifier.startsWith('~/')) {
    const home = inHome('~', options);
    if (home === undefined) {
      omitted.push({ file: source.file, line: rule.line, reason: 'the home folder is not known' });
      return [];
    }
    base = home;
    pattern = specifier.slice(1);
  } else if (specifier.startsWith('/')) {
    const folder = withoutSlashes(byteString(source.folder ?? ''));
    base = folder.startsWith('/') ? folder : folder === '' ? root : `${root}/${folder}`;
  } else if (specifier.startsWith('./')) pattern = specifier.slice(1);
  else if (rule.effect === 'deny' && specifier.includes('/')) pattern = `**/${specifier}`;
  const compiled = compileRule({ ...rule, bytes: rule.bytes === 'Read' ? '**' : pattern }, options.ignoreCase ?? false);
  return [
    {
      file: source.file,
      line: rule.line,
      written: readable(rule.bytes),
      effect: rule.effect,
      base: rule.bytes === 'Read' ? '/' : `${base}/`,
      rule: compiled,
    },
  ];
}
