import type { Finding, Summary } from '../core/finding.ts';

/** What a report needs to know beyond the findings. */
export interface ReportContext {
  /** Of keepmum. */
  readonly version: string;
  /** ANSI colours may be used. */
  readonly colour: boolean;
  /** Terminal columns. */
  readonly width: number;
  /** Suppressed findings are shown too, marked as such. */
  readonly showSuppressed: boolean;
  /** Text only: of those that block and of those that do not, so many are shown in full; 0 or absent: all. */
  readonly max?: number;
  /** When the run began. */
  readonly started: Date;
  /** The finding stops the commit or fails the build. */
  readonly blocks: (finding: Finding) => boolean;
}

/** One report in the making; each call gives what is to be written next, which may be nothing. */
export interface Report {
  /** In the order in which findings come. */
  finding(finding: Finding): string;
  /** Once, after the last finding. */
  end(summary: Summary): string;
}

/** An output format. Pure: no file, no terminal, no clock; the caller writes what it is given, as UTF-8. */
export interface Reporter {
  /** What `--format` calls it. */
  readonly name: string;
  /** For the help text: a few words. */
  readonly title: string;
  /** The report itself says what was examined and what was not; otherwise that goes beside it. */
  readonly tellsSummary: boolean;
  start(context: ReportContext): Report;
}

/** A report that can only be written once everything is known. */
export function collected(
  context: ReportContext,
  write: (findings: readonly Finding[], summary: Summary) => string,
  options: { readonly suppressed: 'always' | 'never' | 'asked' } = { suppressed: 'asked' },
): Report {
  const findings: Finding[] = [];
  const suppressed = options.suppressed === 'always' || (options.suppressed === 'asked' && context.showSuppressed);
  return {
    finding(finding) {
      if (finding.suppressedBy === undefined || suppressed) findings.push(finding);
      return '';
    },
    end: (summary) => write(findings, summary),
  };
}
