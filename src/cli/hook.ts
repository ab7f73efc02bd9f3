import type { PipedOutput } from '../git/piped.ts';
import { streamGit, streamOf, type GitProcess } from '../git/run.ts';
import { findRepository } from '../git/repository.ts';
import { stagedArguments, stagedSource } from '../sources/staged.ts';
import { runScanSource } from './run-scan.ts';
import { guarded } from './guarded.ts';

export { isWritten } from './io.ts';

/** `keepmum scan --staged` and nothing else; git has been asked already. */
export function runHook(asked: GitProcess | PipedOutput): Promise<number> {
  return guarded(async (io) => {
    const { cwd } = io;
    const args = stagedArguments();
    const git = 'readSome' in asked ? asked.stream(() => streamGit(args, { cwd })) : streamOf(asked, args, { cwd });
    // Where there is none, the source says so.
    const repository = await findRepository(cwd).catch(() => undefined);
    const source = stagedSource({ cwd, ...(repository && { repository }) }, git);
    return runScanSource(source, {}, io, repository?.topLevel);
  });
}
