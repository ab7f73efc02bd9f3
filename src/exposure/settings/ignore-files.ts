import type { Assistants, Mechanism } from '../assistants.ts';
import { compileOf, ripgrep, RIPGREP_RANKS } from '../matching/index.ts';
import type { Compile, Matcher, MatchOptions, RuleSource } from '../matching/rule.ts';
import type { Problem } from './configuration.ts';
import type { Project } from './project.ts';

/** Files of one name in a project, wherever they lie, as sources of rules. */
export class IgnoreFiles {
  readonly #troubles = new Map<string, Problem>();
  readonly #project: Project;
  readonly #sources = new Map<string, readonly RuleSource[]>();
  readonly #matchers = new Map<string, Matcher>();

  constructor(project: Project) {
    this.#project = project;
  }

  get options(): MatchOptions {
    const { root, home, ignoreCase } = this.#project;
    return { root, cwd: root, ignoreCase, ...(home !== undefined && { home }) };
  }

  /** Of the root, and of folders where they count. */
  sources(name: string, inFolders: boolean): readonly RuleSource[] {
    const key = `${inFolders} ${name}`;
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    const nested = inFolders ? this.#project.paths.filter((path) => path.endsWith(`/${name}`)) : [];
    const found = [name, ...nested].flatMap((file): RuleSource[] => {
      const read = this.#project.read(file);
      if (read === undefined) return [];
      if ('trouble' in read) {
        this.#troubles.set(file, {
          rule: 'assistant-settings',
          file,
          text: `The ignore file ${read.trouble}; what it names is not known.`,
          fix: 'put a text file in its place',
          sources: ['inference'],
        });
        return [];
      }
      const folder = file.startsWith('~/') ? '' : file.slice(0, Math.max(0, file.length - name.length - 1));
      return [{ file, folder, rules: read.text }];
    });
    this.#sources.set(key, found);
    return found;
  }

  /** The first of the files of this name that could not be read. */
  troubleOf(name: string, inFolders = false): Problem | undefined {
    this.sources(name, inFolders);
    for (const [file, problem] of this.#troubles) {
      if (file === name || (inFolders && file.endsWith(`/${name}`))) return problem;
    }
    return undefined;
  }

  /** What is wrong with some of the files. */
  problemsOf(files: readonly string[]): readonly Problem[] {
    return [...new Set(files)].flatMap((file) => this.#troubles.get(file) ?? []);
  }

  /** How an assistant reads .gitignore. */
  gitignore(reads: NonNullable<Mechanism['reads']>): Matcher {
    let matcher = this.#matchers.get(reads);
    if (matcher === undefined) this.#matchers.set(reads, (matcher = this.#compileGitignore(reads)));
    return matcher;
  }

  #compileGitignore(reads: NonNullable<Mechanism['reads']>): Matcher {
    const git = compileOf('gitignore') as Compile;
    switch (reads) {
      case 'root-only':
        return git(this.sources('.gitignore', false), this.options);
      case 'nested':
      case 'unknown':
        return git(this.sources('.gitignore', true), this.options);
      case 'git':
        return git(this.gitSources(), this.options);
      case 'ripgrep':
        // Names that begin with a dot are a mechanism of their own, where they are skipped.
        return ripgrep(true)(
          [
            ...this.gitSources(),
            ...this.sources('.ignore', true).map((source) => ({ ...source, rank: RIPGREP_RANKS['.ignore'] })),
            ...this.sources('.rgignore', true).map((source) => ({ ...source, rank: RIPGREP_RANKS['.rgignore'] })),
          ],
          this.options,
        );
      case 'git-tracked':
        return {
          decide: ({ path }) =>
            typeof path === 'string' && !this.#project.isTracked(path)
              ? { effect: 'deny', file: 'git', line: undefined, pattern: 'not tracked', matched: path }
              : undefined,
          omitted: [],
        };
    }
  }

  /** All that git asks: its own excludes, and those of the user where the home folder is looked at. */
  gitSources(): readonly RuleSource[] {
    return [
      ...this.sources('~/.config/git/ignore', false).map((one) => ({
        ...one,
        rank: RIPGREP_RANKS['core.excludesFile'],
      })),
      ...this.sources('.git/info/exclude', false).map((one) => ({
        ...one,
        folder: '',
        rank: RIPGREP_RANKS['info/exclude'],
      })),
      ...this.sources('.gitignore', true).map((one) => ({ ...one, rank: RIPGREP_RANKS['.gitignore'] })),
    ];
  }
}

/** Whether a file of this name counts in folders too. Where nobody knows, it does not, so that what it names there stays open. */
export function isNested({ ignoreFiles }: Assistants, name: string): boolean {
  return ignoreFiles[name]?.nested === 'yes';
}
