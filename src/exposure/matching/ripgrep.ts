import { compileLists, fromTheRoot, lastMatch } from './gitignore.ts';
import { readable, type Compile, type Decision, type MatchOptions, type OmittedRule } from './rule.ts';

/** What ripgrep reads, by name, and what outranks what: a file of a higher rank does so from any folder. */
export const RIPGREP_RANKS = {
  'core.excludesFile': 0,
  'info/exclude': 1,
  '.gitignore': 2,
  '.ignore': 3,
  '.rgignore': 4,
} as const;

/** The file that a decision names where a hidden file was skipped for being one. */
export const HIDDEN = 'hidden files';

/**
 * What ripgrep searches. Its own files outrank .gitignore, even one in a deeper folder; and a name with a dot in
 * front is skipped unless an ignore file allows it by name, or `--hidden` is given.
 *
 * @param hidden whether `--hidden` is given
 * @see https://github.com/BurntSushi/ripgrep/blob/master/GUIDE.md#automatic-filtering
 * @see https://docs.rs/ignore/latest/ignore/struct.WalkBuilder.html#ignore-rules
 */
export function ripgrep(hidden: boolean): Compile {
  return (sources, options: MatchOptions = {}) => {
    const omitted: OmittedRule[] = [];
    const lists = compileLists(sources, options.ignoreCase ?? false, omitted);
    return fromTheRoot((path, isFolder): Decision | undefined => {
      const decision = lastMatch(lists, path, isFolder);
      if (decision !== undefined || hidden || !path.startsWith('.', path.lastIndexOf('/') + 1)) return decision;
      return { effect: 'deny', file: HIDDEN, line: undefined, pattern: '.*', matched: readable(path) };
    }, omitted);
  };
}

/** Without `--hidden`, as ripgrep is called by default. */
export const compileRipgrep: Compile = ripgrep(false);
