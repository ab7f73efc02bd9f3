import type { Finding, Summary } from '../core/finding.ts';
import { safe } from '../core/terminal-text.ts';
import { collected, type ReportContext, type Reporter } from './reporter.ts';
import { duration, examined, found, isWebAddress, notExamined, paired, provenance, suppression } from './wording.ts';

/** For a pull request's comment or a job's summary page: GitHub and GitLab flavours. */
export const markdown: Reporter = {
  name: 'markdown',
  title: 'Markdown table, for comments and job summaries',
  tellsSummary: true,
  start: (context) => collected(context, (findings, summary) => page(findings, summary, context)),
};

function page(findings: readonly Finding[], summary: Summary, context: ReportContext): string {
  const remarks = [...summary.skipped.map(notExamined), ...summary.notices.map((notice) => `note: ${notice}`)];
  const incomplete = summary.incomplete ? ' **Not everything that was asked for could be examined.**' : '';
  return [
    '## keepmum',
    '',
    `${found(summary)} in ${examined(summary)}, ${duration(summary.elapsed)}.${incomplete}`,
    '',
    ...table(findings, context),
    ...remarks.map((remark) => `- ${plain(remark)}`),
    ...(remarks.length > 0 ? [''] : []),
  ].join('\n');
}

function table(findings: readonly Finding[], context: ReportContext): string[] {
  if (findings.length === 0) return [];
  return [
    '| | Finding | Where | Value | What to do |',
    '| --- | --- | --- | --- | --- |',
    ...findings.map((finding) => row(finding, context)),
    '',
  ];
}

function row(finding: Finding, context: ReportContext): string {
  const { advice, suppressedBy } = finding;
  const fate = context.blocks(finding) ? 'blocks' : 'does not block';
  const rotate = isWebAddress(advice.rotate) ? ` [Rotate](${advice.rotate})` : '';
  const cells = [
    `${finding.severity}, ${finding.confidence}, ${suppressedBy === undefined ? fate : plain(`suppressed: ${suppression(finding)}`)}`,
    `${plain(finding.title)} ${code(finding.rule)}`,
    `${code(`${finding.path}:${finding.line}${finding.commit === undefined ? '' : ` in ${finding.commit.slice(0, 12)}`}`)}${
      finding.history === undefined ? '' : `<br>${plain(provenance(finding))}`
    }`,
    [finding.preview, ...paired(finding)].map(code).join(' with '),
    `${plain(advice.text)}${rotate}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/**
 * Text that Markdown, and the HTML in it, take as text. A name after `@` is not called, and `#1`
 * is no link: both look for a sign that has no word joiner after it.
 */
export function plain(text: string): string {
  return entities(text).replace(/(?<!&)[@#!](?=[\w&])/g, (sign) => `${sign}&#8288;`);
}

/** Text as code, whatever backticks and pipes are in it; nothing in code is called or linked. */
export function code(text: string): string {
  return `<code>${entities(text)}</code>`;
}

function entities(text: string): string {
  return safe(text).replace(/[\\`*_{}[\]<>|~&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
