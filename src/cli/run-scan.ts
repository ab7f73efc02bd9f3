import type { Source } from '../core/chunk.ts';
import { scan } from '../scan.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';
import { openReports, type ReportFlags } from './report.ts';
import { openScan, type ScanFlags } from './setup.ts';

/**
 * Scans, reports, and gives the exit code. The hook and every scanning command end here.
 * @param root the top of the working tree, where it is known already
 */
export async function runScanSource(
  source: Source,
  flags: ScanFlags & ReportFlags,
  io: Io,
  root?: string,
): Promise<number> {
  const { options, notices } = await openScan(io, flags, root);
  const reports = openReports(flags, options.failOn, io);
  const run = scan(source, options);
  let step = await run.next();
  while (step.done !== true) {
    (await reports()).finding(step.value);
    step = await run.next();
  }
  const summary = { ...step.value, notices: [...step.value.notices, ...notices] };
  (await reports()).end(summary);
  if (summary.blocking > 0) return EXIT.findings;
  return summary.incomplete ? EXIT.failed : EXIT.clean;
}
