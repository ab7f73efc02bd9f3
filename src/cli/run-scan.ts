import type { Source } from '../core/chunk.ts';
import { isBlocking } from '../core/finding.ts';
import { scan } from '../scan.ts';
import { exitCodeOf } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { LiveScan } from './live.ts';
import { openReports, type ReportFlags } from './report.ts';
import { openScan, type ScanFlags } from './setup.ts';

/**
 * Scans, reports, and gives the exit code. The hook and every scanning command end here.
 * @param root the top of the working tree, where it is known already
 * @param live starts what goes with a scan that may take long
 */
export async function runScanSource(
  source: Source,
  flags: ScanFlags & ReportFlags,
  io: Io,
  root?: string,
  live?: (root: string) => LiveScan,
): Promise<number> {
  const open = await openScan(io, flags, root);
  const reports = openReports(flags, (finding) => isBlocking(finding, open.options.failOn), io);
  const running = live?.(open.root);
  try {
    const run = scan(source, { ...open.options, ...running?.options });
    let step = await run.next();
    while (step.done !== true) {
      running?.clear();
      (await reports()).finding(step.value);
      step = await run.next();
    }
    await running?.end();
    const summary = { ...step.value, notices: [...step.value.notices, ...open.notices] };
    (await reports()).end(summary);
    return exitCodeOf(summary);
  } finally {
    await running?.end();
  }
}
