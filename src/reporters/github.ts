import type { Finding, Summary } from '../core/finding.ts';
import { safe } from '../core/terminal-text.ts';
import type { ReportContext, Reporter } from './reporter.ts';
import { examined, found, notExamined, because, provenance } from './wording.ts';

/**
 * Workflow commands, which GitHub Actions shows as annotations.
 * Their syntax and escapes: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 * and `toolkit/packages/core/src/command.ts` of the actions organisation.
 */
export const github: Reporter = {
  name: 'github',
  title: 'annotations of a GitHub Actions run',
  tellsSummary: true,
  start: (context) => ({
    finding: (finding) => (finding.suppressedBy === undefined ? annotation(finding, context) : ''),
    end,
  }),
};

function annotation(finding: Finding, context: ReportContext): string {
  const oneLine = finding.line === finding.endLine;
  const properties = [
    ['file', finding.path],
    ['line', finding.line],
    ['endLine', finding.endLine],
    // Columns are understood only where both are on one line.
    ...(oneLine ? [['col', finding.column] as const, ['endColumn', finding.endColumn] as const] : []),
    ['title', `${finding.title} (${finding.severity}, ${finding.confidence})`],
  ] as const;
  const message = [
    `${finding.preview}: ${because(finding.reasons)}`,
    ...(finding.history === undefined ? [] : [`In ${finding.commit ?? 'no commit'}: ${provenance(finding)}`]),
    `${finding.advice.text}${finding.advice.rotate === undefined ? '' : ` ${finding.advice.rotate}`}`,
    `Fingerprint: ${finding.fingerprint}`,
  ].map(safe);
  const command = context.blocks(finding) ? 'error' : 'warning';
  const list = properties.map(([name, value]) => `${name}=${property(String(value))}`).join(',');
  return `::${command} ${list}::${data(message.join('\n'))}\n`;
}

function end(summary: Summary): string {
  const lines = [
    ...(summary.incomplete ? [['error', 'keepmum: the scan is incomplete'] as const] : []),
    ...summary.skipped.filter(({ incomplete }) => incomplete).map((group) => ['error', notExamined(group)] as const),
    ...summary.skipped.filter(({ incomplete }) => !incomplete).map((group) => ['notice', notExamined(group)] as const),
    ...summary.notices.map((notice) => ['notice', safe(notice)] as const),
    ['notice', `keepmum: ${found(summary)} in ${examined(summary)}`] as const,
  ];
  return lines.map(([command, text]) => `::${command}::${data(text)}\n`).join('');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Values of properties; other controls in a path are made visible, as nothing can escape them. */
function property(text: string): string {
  const lines = text.split(/(\r|\n)/).map((part) => (part === '\r' || part === '\n' ? part : safe(part)));
  return data(lines.join('')).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
