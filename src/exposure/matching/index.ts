import { compileAmp } from './amp.ts';
import { compileClaudeCode } from './claude-code.ts';
import { compileCodex } from './codex.ts';
import { compileCursorCli } from './cursor-cli.ts';
import { compileFnmatchNocase } from './fnmatch-nocase.ts';
import { compileGitignore } from './gitignore.ts';
import { compileGlobs } from './glob.ts';
import { compileKiro } from './kiro.ts';
import { compileOpencode } from './opencode.ts';
import { compileRipgrep } from './ripgrep.ts';
import type { Compile } from './rule.ts';

export type { Effect, MatchOptions, Rule } from './rule.ts';
export { eachAlone, inOrder, rootOnly, separately } from './combining.ts';
export { ripgrep, RIPGREP_RANKS } from './ripgrep.ts';

export interface Syntax {
  /** A key of `syntaxes` in `patterns/assistants.yaml`. */
  readonly id: string;
  readonly title: string;
  readonly compile: Compile;
}

/** The syntaxes of ignore files and of path rules. */
export const SYNTAXES: readonly Syntax[] = [
  { id: 'gitignore', title: 'gitignore(5), as git reads it', compile: compileGitignore },
  // Aider's single file; the Python library aims at git's own behaviour: https://pypi.org/project/pathspec/
  { id: 'gitwildmatch', title: 'gitignore(5), as pathspec reads it', compile: compileGitignore },
  { id: 'ripgrep', title: 'ignore files of ripgrep, without --hidden', compile: compileRipgrep },
  { id: 'fnmatch-nocase', title: 'fnmatch without case', compile: compileFnmatchNocase },
  { id: 'glob', title: 'globs over paths', compile: compileGlobs },
  { id: 'claude-code', title: 'Read(pattern) of Claude Code', compile: compileClaudeCode },
  { id: 'cursor-cli', title: "Read(glob) of Cursor's command-line program", compile: compileCursorCli },
  { id: 'codex', title: 'permission profiles of Codex', compile: compileCodex },
  { id: 'opencode', title: 'permissions of opencode', compile: compileOpencode },
  { id: 'amp', title: 'permissions of Amp', compile: compileAmp },
  { id: 'kiro', title: 'permissions of Kiro', compile: compileKiro },
];

/** The compile function of a syntax; nothing for an id that is none. */
export function compileOf(id: string): Compile | undefined {
  return SYNTAXES.find((syntax) => syntax.id === id)?.compile;
}
