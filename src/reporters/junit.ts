import type { Finding, Summary } from '../core/finding.ts';
import { safe } from '../core/terminal-text.ts';
import { collected, type ReportContext, type Reporter } from './reporter.ts';
import { examined, found, notExamined, because, provenance, suppression } from './wording.ts';

/** The test result format that CI systems read: a finding is a failed test, one that does not block a skipped one. */
export const junit: Reporter = {
  name: 'junit',
  title: 'JUnit XML test results',
  tellsSummary: true,
  start: (context) => collected(context, (findings, summary) => document(findings, summary, context)),
};

function document(findings: readonly Finding[], summary: Summary, context: ReportContext): string {
  const missing = summary.skipped.filter(({ incomplete }) => incomplete);
  const others = summary.skipped.filter(({ incomplete }) => !incomplete);
  const errors = missing.length === 0 && summary.incomplete ? 1 : missing.length;
  const failures = findings.filter(context.blocks).length;
  const tests = findings.length + errors || 1;
  const numbers = `tests="${tests}" failures="${failures}" errors="${errors}" skipped="${findings.length - failures}"`;
  const seconds = (summary.elapsed / 1000).toFixed(3);
  const timestamp = context.started.toISOString().slice(0, 19);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="keepmum" ${numbers} time="${seconds}">`,
    `  <testsuite name="keepmum ${xml(summary.source)}" ${numbers} time="${seconds}" timestamp="${timestamp}">`,
    ...findings.map((finding) => testcase(finding, context)),
    ...missing.map((group) =>
      problem(
        notExamined(group),
        group.paths.map((path) => `at ${path}`),
      ),
    ),
    ...(errors === 1 && missing.length === 0 ? [problem('The scan is incomplete', [])] : []),
    ...(tests === 1 && findings.length + errors === 0
      ? ['    <testcase classname="keepmum" name="no findings"/>']
      : []),
    `    <system-out>${xml(`${found(summary)} in ${examined(summary)}`, ...others.map(notExamined), ...summary.notices.map((notice) => `note: ${notice}`))}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testcase(finding: Finding, context: ReportContext): string {
  const place = `${finding.path}:${finding.line}:${finding.column}`;
  const name = `${finding.title} at ${place}`;
  const verdict = `${finding.severity}, ${finding.confidence}: ${finding.preview}`;
  // Each line begins with a word of ours: what begins with `::` is a command to the viewer of a build's log.
  const { advice } = finding;
  const lines = [
    `at ${place}${finding.commit === undefined ? '' : ` in ${finding.commit.slice(0, 12)}`}`,
    `${finding.line} | ${finding.excerpt.text}`,
    `why: ${because(finding.reasons)}`,
    ...(finding.history === undefined ? [] : [`when: ${provenance(finding)}`]),
    `do: ${advice.text}${advice.rotate === undefined ? '' : ` ${advice.rotate}`}`,
    `fingerprint: ${finding.fingerprint}`,
  ];
  const inner = context.blocks(finding)
    ? `<failure type="${xml(finding.rule)}" message="${xml(verdict)}">${xml(...lines)}</failure>`
    : `<skipped message="${xml(finding.suppressedBy === undefined ? `does not block: ${verdict}` : `suppressed: ${suppression(finding)}`)}"/>`;
  return `    <testcase classname="${xml(finding.path)}" name="${xml(name)}" file="${xml(finding.path)}" line="${finding.line}">${inner}</testcase>`;
}

function problem(message: string, lines: readonly string[]): string {
  return `    <testcase classname="keepmum" name="${xml(message)}"><error message="${xml(message)}">${xml(...lines)}</error></testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Lines, escaped, and without the characters that XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets): they are made visible. */
function xml(...lines: readonly string[]): string {
  return lines
    .map(safe)
    .join('\n')
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
