import type { Finding, Summary } from '../core/finding.ts';
import { safe } from '../core/terminal-text.ts';
import { stringify } from './record.ts';
import { collected, type ReportContext, type Reporter } from './reporter.ts';
import { because, found, isWebAddress, notExamined } from './wording.ts';

export const LEVEL = { low: 'note', medium: 'warning', high: 'error', critical: 'error' } as const;
/** Of a finding that is merely possible. */
const MILDER = { note: 'note', warning: 'note', error: 'warning' } as const;
/** CVSS-like, as code scanning sorts by: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning */
export const SECURITY_SEVERITY = { low: '3.0', medium: '5.5', high: '8.0', critical: '9.5' } as const;
const SUPPRESSED_IN: Readonly<Record<string, 'inSource' | 'external'>> = {
  'inline-comment': 'inSource',
  foreign: 'inSource',
};

/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export const sarif: Reporter = {
  name: 'sarif',
  title: 'SARIF 2.1.0, for code scanning',
  tellsSummary: true,
  start: (context) =>
    collected(context, (findings, summary) => `${stringify(log(findings, summary, context), 2)}\n`, {
      suppressed: 'always',
    }),
};

function log(findings: readonly Finding[], summary: Summary, context: ReportContext): unknown {
  const ruleIds = [...new Set(findings.map((finding) => finding.rule))].toSorted();
  const firstOf = new Map(findings.toReversed().map((finding) => [finding.rule, finding]));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'keepmum',
            semanticVersion: context.version,
            rules: ruleIds.flatMap((id) => {
              const finding = firstOf.get(id);
              return finding === undefined ? [] : [descriptor(finding)];
            }),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: !summary.incomplete,
            startTimeUtc: context.started.toISOString(),
            endTimeUtc: new Date(context.started.getTime() + summary.elapsed).toISOString(),
            toolExecutionNotifications: [
              ...summary.skipped.map((group) => ({
                level: group.incomplete ? 'warning' : 'note',
                descriptor: { id: `not-examined/${group.reason}` },
                message: { text: notExamined(group) },
              })),
              ...summary.notices.map((notice) => ({ level: 'note', message: { text: safe(notice) } })),
            ],
          },
        ],
        properties: { summary: found(summary), files: summary.files, lines: summary.lines, bytes: summary.bytes },
        results: findings.map((finding) => result(finding, ruleIds.indexOf(finding.rule))),
      },
    ],
  };
}

function descriptor(finding: Finding): unknown {
  const { advice } = finding;
  const help = [advice.text, advice.rotate, ...finding.references].filter((part) => part !== undefined);
  const helpUri = [advice.rotate, ...finding.references].find(isWebAddress);
  return {
    id: finding.rule,
    shortDescription: { text: safe(finding.title) },
    fullDescription: { text: safe(`${finding.title}: ${finding.identity.grants}`) },
    ...(helpUri !== undefined && { helpUri }),
    help: { text: help.map(safe).join('\n') },
    defaultConfiguration: { level: LEVEL[finding.severity] },
    properties: { tags: ['security', 'secret'], 'security-severity': SECURITY_SEVERITY[finding.severity] },
  };
}

function result(finding: Finding, ruleIndex: number): unknown {
  const { suppressedBy } = finding;
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: finding.confidence === 'possible' ? MILDER[LEVEL[finding.severity]] : LEVEL[finding.severity],
    message: {
      text: safe(`${finding.title} (${finding.confidence}): ${finding.preview}. ${because(finding.reasons)}`),
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uri(finding.path), uriBaseId: '%SRCROOT%' },
          region: {
            startLine: finding.line,
            startColumn: finding.column,
            endLine: finding.endLine,
            endColumn: finding.endColumn,
            snippet: { text: finding.preview },
          },
        },
      },
    ],
    ...(finding.identity.pair !== undefined && {
      relatedLocations: finding.identity.pair.map(({ what, value, line }, id) => ({
        id,
        message: { text: safe(`${what} ${value}`) },
        physicalLocation: {
          artifactLocation: { uri: uri(finding.path), uriBaseId: '%SRCROOT%' },
          region: { startLine: line },
        },
      })),
    }),
    partialFingerprints: { 'keepmum/v1': finding.fingerprint },
    ...(suppressedBy !== undefined && {
      suppressions: [
        {
          kind: SUPPRESSED_IN[suppressedBy.by] ?? 'external',
          status: 'accepted',
          justification: safe(suppressedBy.reason ?? suppressedBy.where),
        },
      ],
    }),
    properties: {
      confidence: finding.confidence,
      provider: finding.provider,
      identity: finding.identity,
      ...(finding.commit !== undefined && { commit: finding.commit }),
      ...(finding.history !== undefined && { history: finding.history }),
    },
  };
}

/** A relative reference: https://www.rfc-editor.org/rfc/rfc3986 allows no other characters in a path. */
export function uri(path: string): string {
  return path
    .split('/')
    .map((part) => encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd')))
    .join('/');
}
