import type { PipedOutput } from '../git/piped.ts';
import { streamGit, streamOf, type GitProcess } from '../git/run.ts';
import { stagedArguments, stagedSource } from '../sources/staged.ts';
import { runScanSource } from './run-scan.ts';
import { guarded } from './guarded.ts';

export { isWritten } from './io.ts';

/** `keepmum scan --staged` and nothing else; git has been asked already. */
export function runHook(asked: GitProcess | PipedOutput): Promise<number> {
  return guarded((io) => {
    const options = { cwd: io.cwd };
    const args = stagedArguments();
    const git = 'readSome' in asked ? asked.stream(() => streamGit(args, options)) : streamOf(asked, args, options);
    return runScanSource(stagedSource(options, git), {}, io);
  });
}
