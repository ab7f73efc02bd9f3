import type { Finding, Summary } from '../core/finding.ts';
import { safe } from '../core/terminal-text.ts';
import { collected, type ReportContext, type Reporter } from './reporter.ts';
import { duration, examined, found, skipped, suppression } from './wording.ts';

/** For a pull request's comment or a job's summary page. */
export const markdown: Reporter = {
  name: 'markdown',
  title: 'Markdown table, for comments and job summaries',
  start: (context) => collected(context, (findings, summary) => page(findings, summary, context)),
};

function page(findings: readonly Finding[], summary: Summary, context: ReportContext): string {
  const lines = [
    '## keepmum',
    '',
    `${plain(found(summary))} in ${examined(summary)}, ${duration(summary.elapsed)}.`,
    '',
  ];
  if (findings.length > 0) {
    lines.push('| | Finding | Where | Value | What to do |', '| --- | --- | --- | --- | --- |');
    for (const finding of findings) lines.push(row(finding, context));
    lines.push('');
  }
  for (const group of summary.skipped) {
    const verb = group.incomplete ? 'Not examined' : 'Not fully examined';
    lines.push(`- ${verb}: ${plain(skipped(group))}${group.paths.length === 0 ? '' : ` (${group.paths.map(code).join(', ')})`}`);
  }
  for (const notice of summary.notices) lines.push(`- ${plain(notice)}`);
  if (summary.skipped.length + summary.notices.length > 0) lines.push('');
  return lines.join('\n');
}

function row(finding: Finding, context: ReportContext): string {
  const { advice, suppressedBy } = finding;
  const state = suppressedBy !== undefined ? `suppressed: ${suppression(finding)}` : context.blocks(finding) ? 'blocks' : 'does not block';
  const rotate = advice.rotate !== undefined && /^https:\/\/[^\s<>|)]+$/.test(advice.rotate) ? ` [Rotate](${advice.rotate})` : '';
  const cells = [
    `${finding.severity}, ${finding.confidence}, ${plain(state)}`,
    `${plain(finding.title)} ${code(finding.rule)}`,
    code(`${finding.path}:${finding.line}${finding.commit === undefined ? '' : ` @ ${finding.commit.slice(0, 12)}`}`),
    code(finding.secret ?? finding.preview),
    `${plain(advice.text)}${rotate}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Text that Markdown and the HTML in it take as text. */
function plain(text: string): string {
  return safe(text).replace(/[\\`*_{}[\]<>()#+!|~&@:]/g, (sign) => (sign === ':' ? ':' : `&#${sign.charCodeAt(0)};`));
}

/** Text as code, whatever backticks and pipes are in it. */
function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}
