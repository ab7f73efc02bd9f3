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
  // By hand: the staged files alone are what `pre-commit run` gives; anything more is --files or --all-files.
  const staged = new Set(
    (await collectGit(['diff', '--cached', '--name-only', '--no-renames', '-z'], { cwd })).toString().split('\0'),
  );
  const { topLevel = cwd } = await findRepository(cwd);
  const all = files.every((file) => staged.has(relative(topLevel, resolve(cwd, file)).replaceAll('\\', '/')));
  return { args: all ? ['scan', '--staged'] : ['scan', '--', ...files] };
}

async function commitId(name: string, cwd: string): Promise<string> {
  return (await collectGit(['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`], { cwd }))
    .toString()
    .trim();
}
