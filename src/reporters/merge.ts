import { CONFIDENCES, isBlocking, SEVERITIES, type FailOn, type Summary } from '../core/finding.ts';
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
 * @param failOn what blocks, where the report does not tell
 * @throws {SourceError} on anything else
 */
export function parseReport(text: string, name: string, failOn: FailOn): ReadReport {
  const whole = parsed(text);
  if (isObject(whole) && 'summary' in whole) {
    const { summary, findings } = whole;
    if (!isSummary(summary) || !Array.isArray(findings) || !findings.every(isRecord)) throw noReport(name);
    return { name, records: findings, summary: { failOn, ...summary } };
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
      blocking: findings.filter((record) => isBlocking(record, failOn)).length,
      failOn,
      suppressed: records.length - findings.length,
      incomplete: true,
      notices: [`${name}: JSON Lines do not tell what was not examined; merge reports of --format json`],
    },
  };
}

/**
 * Joins reports. A report that is there twice counts once, and so does a finding. Where shards are missing the
 * result is incomplete; a shard of another repository, or of the same in another state, is none of those.
 * @throws {SourceError} on shards of different splits
 */
export function mergeReports(given: readonly ReadReport[]): {
  readonly records: readonly FindingRecord[];
  /** Those of them that block, by what counted where they were found. */
  readonly blocking: ReadonlySet<FindingRecord>;
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
  const blockingKeys = new Set<string>();
  for (const { records, summary } of reports) {
    for (const record of records) {
      const key = keyOf(record);
      if (!unique.has(key)) unique.set(key, record);
      if (summary.failOn !== undefined && isBlocking(record, summary.failOn)) blockingKeys.add(key);
    }
  }
  const records = [...unique.values()];
  const blocking = new Set(records.filter((record) => blockingKeys.has(keyOf(record))));
  const live = records.filter(({ suppressedBy }) => suppressedBy === undefined);
  const merged = mergeSummaries(reports.map(({ summary }) => summary));
  const missing = missingShards(reports);
  // Of excepted findings most reports tell the number only.
  const shownTwice =
    all.filter(({ suppressedBy }) => suppressedBy !== undefined).length - (records.length - live.length);
  return {
    records: records.toSorted(inOrder),
    blocking,
    summary: {
      ...merged,
      findings: live.length,
      blocking: blocking.size,
      suppressed: merged.suppressed - shownTwice,
      incomplete: merged.incomplete || missing.length > 0,
      notices: [...merged.notices, ...missing],
    },
  };
}

/** What is told of shards that nobody gave: for each whole, as several may be in one report. */
function missingShards(reports: readonly ReadReport[]): string[] {
  const wholes = new Map<string, { readonly first: ReadReport; readonly held: Set<string> }>();
  for (const report of reports) {
    const { shard, shardOf = '', source } = report.summary;
    if (shard === undefined) continue;
    const key = JSON.stringify([source, shardOf]);
    let whole = wholes.get(key);
    if (whole === undefined) wholes.set(key, (whole = { first: report, held: new Set() }));
    const { shard: other = shard } = whole.first.summary;
    if (countOf(other) !== countOf(shard)) {
      throw new SourceError(`${JSON.stringify(report.name)} is shard ${shard}, others are of another split: ${other}`, {
        fix: 'merge the shards of one split',
      });
    }
    whole.held.add(shard);
  }
  const isOne = new Set([...wholes.values()].map(({ first }) => first.summary.source)).size === wholes.size;
  return [...wholes.values()].flatMap(({ first: { name, summary }, held }) => {
    const count = countOf(summary.shard ?? '1/1');
    if (held.size >= count) return [];
    const lost = [];
    for (let index = 1; index <= count && lost.length < MOST_NAMED; index++) {
      if (!held.has(`${index}/${count}`)) lost.push(`${index}/${count}`);
    }
    const what = isOne ? summary.source : `${summary.source}, of what ${JSON.stringify(name)} is a part of`;
    return [`${what}: ${count - held.size} of ${count} shards are missing: ${lost.join(', ')}`];
  });
}

function countOf(shard: string): number {
  return Number(shard.split('/')[1]);
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
    isTextOrAbsent(value['shardOf']) &&
    (value['failOn'] === undefined || (isObject(value['failOn']) && isVerdict(value['failOn']))) &&
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

function isVerdict({ severity, confidence }: Readonly<Record<string, unknown>>): boolean {
  return (
    (SEVERITIES as readonly unknown[]).includes(severity) && (CONFIDENCES as readonly unknown[]).includes(confidence)
  );
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isRecord(value: unknown): value is FindingRecord {
  return (
    isObject(value) &&
    has(value, 'string', ['rule', 'provider', 'path', 'preview', 'fingerprint']) &&
    has(value, 'number', ['line', 'column', 'endLine', 'endColumn']) &&
    isVerdict(value) &&
    Array.isArray(value['reasons']) &&
    isObject(value['identity']) &&
    isObject(value['advice']) &&
    (value['commit'] === null || typeof value['commit'] === 'string')
  );
}
