import { createHash } from 'node:crypto';
import type { Finding, Summary } from '../core/finding.ts';
import { safe } from '../core/terminal-text.ts';
import { plain } from './markdown.ts';
import { stringify } from './record.ts';
import { collected, type ReportContext, type Reporter } from './reporter.ts';
import { because, isWebAddress, notExamined } from './wording.ts';

/** Of the report format: https://docs.gitlab.com/development/integrations/secure/#report */
const SCHEMA_VERSION = '15.0.7';
/** The format asks for a commit; this stands for "none yet", as in GitLab's own reports of plain folders. */
const NO_COMMIT = '0000000';

const SEVERITY = { low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' } as const;

/** `artifacts: reports: secret_detection`; GitLab shows description and solution as Markdown. */
export const gitlab: Reporter = {
  name: 'gitlab',
  title: 'GitLab secret detection report',
  tellsSummary: true,
  start: (context) =>
    collected(context, (findings, summary) => `${stringify(report(findings, summary, context), 2)}\n`, {
      suppressed: 'never',
    }),
};

function report(findings: readonly Finding[], summary: Summary, context: ReportContext): unknown {
  const tool = { id: 'keepmum', name: 'keepmum', version: context.version, vendor: { name: 'keepmum' } };
  const seen = new Map<string, number>();
  return {
    version: SCHEMA_VERSION,
    scan: {
      analyzer: tool,
      scanner: tool,
      type: 'secret_detection',
      start_time: time(context.started),
      end_time: time(new Date(context.started.getTime() + summary.elapsed)),
      status: summary.incomplete ? 'failure' : 'success',
      messages: messages(summary),
    },
    vulnerabilities: findings.map((finding) => {
      const place = [finding.fingerprint, finding.path, finding.commit, finding.line, finding.column].join('\0');
      const repeat = seen.get(place) ?? 0;
      seen.set(place, repeat + 1);
      return vulnerability(finding, uuid(`${place}\0${repeat}`));
    }),
  };
}

function vulnerability(finding: Finding, id: string): unknown {
  const { rotate, text } = finding.advice;
  const links = [rotate, ...finding.references].filter(isWebAddress);
  return {
    id,
    name: safe(finding.title).slice(0, 255),
    description: plain(`${finding.title}, ${finding.confidence}: ${because(finding.reasons)}`),
    severity: SEVERITY[finding.severity],
    solution: plain(`${text}${rotate === undefined ? '' : ` ${rotate}`}`).slice(0, 7000),
    raw_source_code_extract: finding.preview,
    identifiers: [{ type: 'keepmum_rule_id', name: `keepmum rule ${finding.rule}`, value: finding.rule }],
    links: [...new Set(links)].map((url) => ({ url })),
    location: {
      file: finding.path,
      commit: commit(finding),
      start_line: finding.line,
      end_line: finding.endLine,
    },
    tracking: {
      type: 'source',
      items: [
        {
          file: finding.path,
          start_line: finding.line,
          end_line: finding.endLine,
          signatures: [{ algorithm: 'keepmum_fingerprint', value: finding.fingerprint }],
        },
      ],
    },
  };
}

/** GitLab's page of a finding shows who made the commit, and when. */
function commit({ commit: sha = NO_COMMIT, history }: Finding): unknown {
  const { author, date } = history ?? {};
  return {
    ...(author !== undefined && { author: safe(`${author.name} <${author.email}>`) }),
    ...(date !== undefined && { date }),
    sha,
  };
}

function messages(summary: Summary): unknown[] {
  return [
    ...summary.skipped.map((group) => ({
      level: group.incomplete ? 'warn' : 'info',
      value: notExamined(group),
    })),
    ...summary.notices.map((notice) => ({ level: 'info', value: safe(notice) })),
  ];
}

/** UTC without a zone, as the format asks. */
function time(date: Date): string {
  return date.toISOString().slice(0, 19);
}

/** The same for the same finding in every run: RFC 9562, version 8. */
function uuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
