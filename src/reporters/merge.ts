import { CONFIDENCES, SEVERITIES, type Summary } from '../core/finding.ts';
import { SourceError } from '../core/errors.ts';
import { mergeSummaries } from '../core/merge-summaries.ts';
import type { FindingRecord } from './record.ts';

/** A report as it was read. */
export interface ReadReport {
  readonly name: string;
  readonly records: readonly FindingRecord[];
  readonly summary: Summary;
}

/**
 * Reads a report of `--format json`, or of `jsonl`: that one does not tell what was examined, so that it
 * is taken for incomplete.
 * @throws {SourceError} on anything else
 */
export function parseReport(text: string, name: string): ReadReport {
  const whole = parsed(text);
  if (isObject(whole) && 'summary' in whole) {
    const { summary, findings } = whole;
    if (!isSummary(summary) || !Array.isArray(findings) || !findings.every(isRecord)) throw noReport(name);
    return { name, records: findings, summary };
  }
  const lines = text.split('\n').filter((line) => line !== '');
  const records = lines.map((line, index) => {
    const record = parsed(line);
    if (!isRecord(record)) throw noReport(name, index + 1);
    return record;
  });
  const findings = records.filter(({ suppressedBy }) => suppressedBy === undefined);
  return {
    name,
    records,
    summary: {
      ...mergeSummaries([]),
      source: 'worktree',
      findings: findings.length,
      blocking: findings.filter(({ confidence }) => confidence !== 'possible').length,
      suppressed: records.length - findings.length,
      incomplete: true,
      notices: [`${name}: JSON Lines do not tell what was not examined; merge reports of --format json`],
    },
  };
}

/**
 * Joins reports. A report that is there twice counts once, and so does a finding. Where shards are missing the
 * result is incomplete.
 * @throws {SourceError} on shards of different splits
 */
export function mergeReports(given: readonly ReadReport[]): {
  readonly records: readonly FindingRecord[];
  readonly summary: Summary;
} {
  const seen = new Set<string>();
  const reports = given.filter(({ records, summary }) => {
    if (summary.shard === undefined) return true;
    const key = JSON.stringify([{ ...summary, elapsed: 0 }, records]);
    return !seen.has(key) && seen.add(key);
  });
  const all = reports.flatMap(({ records }) => records);
  const unique = new Map<string, FindingRecord>();
  for (const record of all) if (!unique.has(keyOf(record))) unique.set(keyOf(record), record);
  const merged = mergeSummaries(reports.map(({ summary }) => summary));
  const twice = all.length - unique.size;
  const suppressedTwice =
    all.filter((record) => record.suppressedBy !== undefined).length -
    [...unique.values()].filter((record) => record.suppressedBy !== undefined).length;
  const findings = merged.findings - (twice - suppressedTwice);
  const missing = missingShards(reports);
  const notices = [...merged.notices, ...missing];
  return {
    records: [...unique.values()].toSorted(inOrder),
    summary: {
      ...merged,
      findings,
      // What blocks was decided where it was found: at least one still does where one did.
      blocking: Math.min(merged.blocking, findings),
      suppressed: merged.suppressed - suppressedTwice,
      incomplete: merged.incomplete || missing.length > 0,
      notices,
    },
  };
}

/** What is told of shards that nobody gave; by what was scanned, as a tree and a history may be in one report. */
function missingShards(reports: readonly ReadReport[]): string[] {
  const bySource = new Map<string, Set<string>>();
  for (const { summary, name } of reports) {
    if (summary.shard === undefined) continue;
    const held = bySource.get(summary.source) ?? new Set<string>();
    bySource.set(summary.source, held);
    const [first = summary.shard] = held;
    if (first.split('/')[1] !== summary.shard.split('/')[1]) {
      throw new SourceError(
        `${JSON.stringify(name)} is shard ${summary.shard}, others are of another split: ${first}`,
        {
          fix: 'merge the shards of one split',
        },
      );
    }
    held.add(summary.shard);
  }
  return [...bySource].flatMap(([source, held]) => {
    const [first = '1/1'] = held;
    const count = Number(first.split('/')[1]);
    if (held.size >= count) return [];
    const lost = [];
    for (let index = 1; index <= count && lost.length < MOST_NAMED; index++) {
      if (!held.has(`${index}/${count}`)) lost.push(`${index}/${count}`);
    }
    return [`${source}: ${count - held.size} of ${count} shards are missing: ${lost.join(', ')}`];
  });
}

const MOST_NAMED = 20;

function keyOf({ repository, rule, path, line, column, fingerprint, commit }: FindingRecord): string {
  return JSON.stringify([repository, rule, path, line, column, fingerprint, commit]);
}

function inOrder(a: FindingRecord, b: FindingRecord): number {
  return (
    compare(a.repository ?? '', b.repository ?? '') ||
    compare(a.path, b.path) ||
    a.line - b.line ||
    a.column - b.column ||
    compare(a.rule, b.rule) ||
    compare(a.fingerprint, b.fingerprint)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function noReport(name: string, line?: number): SourceError {
  const place = line === undefined ? '' : `, line ${line}`;
  return new SourceError(`${JSON.stringify(name)}${place}: this is no report of keepmum in JSON or JSON Lines`, {
    fix: 'name files that `keepmum scan --format json` wrote',
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function has(value: Readonly<Record<string, unknown>>, type: 'string' | 'number', keys: readonly string[]): boolean {
  return keys.every((key) => typeof value[key] === type);
}

function isSummary(value: unknown): value is Summary {
  return (
    isObject(value) &&
    has(value, 'string', ['source']) &&
    has(value, 'number', ['files', 'bytes', 'lines', 'elapsed', 'findings', 'blocking', 'suppressed']) &&
    typeof value['incomplete'] === 'boolean' &&
    (value['shard'] === undefined ||
      (typeof value['shard'] === 'string' && /^[1-9]\d{0,5}\/[1-9]\d{0,5}$/.test(value['shard']))) &&
    isTexts(value['notices']) &&
    Array.isArray(value['skipped']) &&
    value['skipped'].every(
      (group) =>
        isObject(group) &&
        has(group, 'string', ['reason', 'text']) &&
        has(group, 'number', ['count']) &&
        typeof group['incomplete'] === 'boolean' &&
        isTexts(group['paths']),
    )
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isRecord(value: unknown): value is FindingRecord {
  return (
    isObject(value) &&
    has(value, 'string', ['rule', 'provider', 'path', 'preview', 'fingerprint']) &&
    has(value, 'number', ['line', 'column', 'endLine', 'endColumn']) &&
    (SEVERITIES as readonly unknown[]).includes(value['severity']) &&
    (CONFIDENCES as readonly unknown[]).includes(value['confidence']) &&
    Array.isArray(value['reasons']) &&
    isObject(value['identity']) &&
    isObject(value['advice']) &&
    (value['commit'] === null || typeof value['commit'] === 'string')
  );
}
