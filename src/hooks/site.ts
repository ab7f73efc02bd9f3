import { resolve } from 'node:path';
import { findRepository } from '../git/repository.ts';
import { collectGit } from '../git/run.ts';
import type { HooksPathSetting, Site } from './manager.ts';

/** @throws {GitError} where `cwd` is in no repository */
export async function openSite(cwd: string): Promise<Site> {
  const { topLevel, gitDir, commonDir } = await findRepository(cwd);
  const root = topLevel ?? gitDir;
  const hooksPaths = (await hooksPathSettings(cwd)).filter(({ scope }) => scope !== 'command');
  const last = hooksPaths.at(-1);
  return {
    root,
    commonDir,
    hooksDir: last === undefined ? resolve(commonDir, 'hooks') : resolve(root, last.value),
    hooksPaths,
  };
}

/** The values of `core.hooksPath`, weakest first, `~` expanded. */
export async function hooksPathSettings(cwd: string): Promise<readonly HooksPathSetting[]> {
  const output = await collectGit(['config', '--show-scope', '--type=path', '-z', '--get-all', 'core.hooksPath'], {
    cwd,
    accept: [1],
  });
  const fields = output.toString().split('\0');
  const settings: HooksPathSetting[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    settings.push({ scope: fields[at] ?? '', value: fields[at + 1] ?? '' });
  }
  return settings;
}
