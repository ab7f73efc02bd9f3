import type { Argv } from 'yargs';
import { DEFAULTS } from '../../config/config.ts';
import { UsageError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { mergeReports, parseReport } from '../../reporters/merge.ts';
import { exitCodeOf } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { loadDetails } from '../patterns.ts';
import { readNamed } from '../read-named.ts';
import { openReports, type ReportFlags } from '../report.ts';
import type { Command } from './command.ts';
import { reportOptions } from './report-options.ts';

interface ReportArgs extends ReportFlags {
  readonly files?: readonly string[];
}

/** Joins the reports of the parts of a scan. */
export const report: Command = {
  builder: (parser: Argv): Argv =>
    reportOptions(parser)
      .positional('action', { choices: ['merge'] as const, describe: 'what to do' })
      .positional('files', { type: 'string', array: true, describe: 'reports of --format json or jsonl' }),
  run: async (args: object, io: Io): Promise<number> => {
    const { files = [], ...flags } = args as ReportArgs;
    if (files.length === 0) {
      throw new UsageError('report merge: no report was named', {
        fix: 'name files that `keepmum scan --format json` wrote',
      });
    }
    const blocks = new Set<Finding>();
    const reports = openReports(flags, (finding) => blocks.has(finding), io);
    const { records, blocking, summary } = mergeReports(
      files.map((file) =>
        parseReport(readNamed(file, io.cwd, 'report merge: ', 'name a report').toString(), file, DEFAULTS.failOn),
      ),
    );
    const details = await loadDetails();
    const out = await reports();
    for (const record of records) {
      const { commit, ...rest } = record;
      const finding: Finding = {
        ...rest,
        title: details[record.rule]?.title ?? record.rule,
        references: details[record.rule]?.references ?? [],
        // The line itself is in no report.
        excerpt: { text: record.preview, start: 0, end: record.preview.length },
        ...(commit !== null && { commit }),
      };
      if (blocking.has(record)) blocks.add(finding);
      out.finding(finding);
    }
    out.end(summary);
    return exitCodeOf(summary);
  },
};
