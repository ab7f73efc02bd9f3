// Asked for later by what every run needs: in this file they cost less than files of their own.
import '../config/config.ts';
import '../config/present.ts';
import '../reporters/text.ts';
import { stagedSource } from '../sources/staged.ts';
import { runScanSource } from './run-scan.ts';
import { guarded } from './guarded.ts';

/** `keepmum scan --staged` and nothing else. */
export function runHook(): Promise<number> {
  return guarded((io) => {
    const source = stagedSource({ cwd: io.cwd });
    source.start();
    return runScanSource(source, {}, io);
  });
}
