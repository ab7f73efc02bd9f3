// Asked for later by what every run needs: in this file they cost less than files of their own.
import '../config/config.ts';
import '../config/present.ts';
import '../core/redact.ts';
import '../reporters/text.ts';
import type { PipedOutput } from '../git/piped.ts';
import { stagedSource } from '../sources/staged.ts';
import { runScanSource } from './run-scan.ts';
import { guarded } from './guarded.ts';

export { isWritten } from './io.ts';

/** `keepmum scan --staged` and nothing else; the shell of a hook may have asked git already. */
export function runHook(piped?: PipedOutput): Promise<number> {
  piped?.readSome();
  return guarded((io) => runScanSource(stagedSource({ cwd: io.cwd }, piped), {}, io));
}
