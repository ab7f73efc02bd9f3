import { relative, resolve } from 'node:path';
import { findRepository } from '../git/repository.ts';
import { collectGit } from '../git/run.ts';
import type { HookName } from './manager.ts';

/** A call of keepmum, and what it reads from stdin. */
export interface FrameworkCall {
  readonly args: readonly string[];
  readonly stdin?: string;
}

/**
 * What to scan when the pre-commit framework starts us. It tells through variables and arguments:
 * https://pre-commit.com/#pre-push, `PRE_COMMIT_FROM_REF` and `PRE_COMMIT_TO_REF` for a range, the
 * files that it picked otherwise. Git sets `GIT_INDEX_FILE` for a real commit; a call by hand has none.
 */
export async function frameworkCall(
  hook: HookName,
  files: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<FrameworkCall> {
  const { PRE_COMMIT_FROM_REF: from = '', PRE_COMMIT_TO_REF: to = '', PRE_COMMIT_REMOTE_NAME: remote } = env;
  if (hook === 'commit-msg') {
    const { gitDir } = await findRepository(cwd);
    return { args: ['scan', `--commit-message=${files[0] ?? resolve(gitDir, 'COMMIT_EDITMSG')}`] };
  }
  if (hook === 'pre-push' && remote !== undefined) {
    const { PRE_COMMIT_LOCAL_BRANCH: local = 'HEAD', PRE_COMMIT_REMOTE_BRANCH: target = local } = env;
    const tip = await commitId(to === '' ? local : to, cwd);
    const old = from === '' ? '0'.repeat(tip.length) : await commitId(from, cwd);
    return { args: ['scan', `--push=${remote}`], stdin: `${local} ${tip} ${target} ${old}\n` };
  }
  if (from !== '' && to !== '') return { args: ['scan', `--range=${from}..${to}`] };
  if (env['GIT_INDEX_FILE'] !== undefined || files.length === 0) return { args: ['scan', '--staged'] };
  // By hand, `pre-commit run` gives the staged files; any other choice is --files, --all-files or a filter.
  const { topLevel = cwd } = await findRepository(cwd);
  const given = new Set(files.map((file) => relative(topLevel, resolve(cwd, file)).replaceAll('\\', '/')));
  const staged = await pathsOf(['diff', '--cached', '--name-only', '--no-renames', '--diff-filter=d'], topLevel);
  const isStaged = given.size === staged.length && staged.every((path) => given.has(path));
  // Everything is staged: the whole files are more than what is new in them.
  const isAll = isStaged && (await pathsOf(['ls-files'], topLevel)).length === given.size;
  return { args: isStaged && !isAll ? ['scan', '--staged'] : ['scan', '--', ...files] };
}

async function pathsOf(command: readonly string[], cwd: string): Promise<string[]> {
  const output = await collectGit([...command, '-z'], { cwd });
  return output.toString().split('\0').slice(0, -1);
}

async function commitId(name: string, cwd: string): Promise<string> {
  return (await collectGit(['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`], { cwd }))
    .toString()
    .trim();
}
