/**
 * The pipeline, top to bottom: a source gives text, the engine finds and judges, suppressions are
 * looked up, findings go out, and what was not examined is counted.
 */
import { SKIP_REASONS, type Chunk, type Quiet, type SkipReason, type Skipped, type Source } from './core/chunk.ts';
import {
  CONFIDENCES,
  SEVERITIES,
  type FailOn,
  type Evidence,
  type Finding,
  type Severity,
  type SkippedGroup,
  type Summary,
  type Suppression,
} from './core/finding.ts';
import { fingerprint } from './core/fingerprint.ts';
import { excerpt, mask, withoutSecrets } from './core/redact.ts';
import { LineCounter, View } from './core/view.ts';
import { evidence } from './core/weights.ts';
import type { Engine, JudgedMatch } from './engine/engine.ts';
import type { RuleDetails } from './rules/compiled.ts';
import type { Suppressor } from './suppress/suppressor.ts';

/** Everything that a scan needs, resolved; nothing in the pipeline reads settings, flags or files. */
export interface ScanOptions {
  readonly engine: Pick<Engine, 'detect' | 'sieve'>;
  /** What is shown of a rule; asked only once something is found. */
  readonly details: (ruleId: string) => Promise<RuleDetails>;
  readonly severityOf: (ruleId: string) => Severity;
  /** Asked only once something is found, so that a clean hook reads no exceptions file. */
  readonly suppressors: () => Promise<readonly Suppressor[]>;
  /** Paths that the configuration leaves out; counted as allow-listed. */
  readonly skipPath: (path: string) => boolean;
  readonly failOn: FailOn;
  readonly showSecrets: boolean;
  /** Milliseconds since 1970. What has ended by then is of low severity; absent: nothing has. */
  readonly now?: number;
  readonly signal?: AbortSignal;
}

/** A finding at or above `failOn` that nothing suppresses. */
export function isBlocking(finding: Finding, failOn: FailOn): boolean {
  return (
    finding.suppressedBy === undefined &&
    CONFIDENCES.indexOf(finding.confidence) >= CONFIDENCES.indexOf(failOn.confidence) &&
    SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf(failOn.severity)
  );
}

/**
 * Scans one source. Findings come in the source's order, suppressed ones included and marked; the
 * generator returns the summary.
 * @throws {KeepmumError} when the source as a whole cannot be read or a rule cannot work
 */
export async function* scan(source: Source, options: ScanOptions): AsyncGenerator<Finding, Summary> {
  const examined = new Examined(source);
  for await (const item of source.read({ sieve: options.engine.sieve, ...(options.signal && { signal: options.signal }) })) {
    if (item.kind === 'skipped' && !(item.incomplete && options.skipPath(item.origin.path))) {
      examined.skip(item);
      continue;
    }
    if (item.kind === 'skipped' || options.skipPath(item.origin.path)) {
      examined.skip({
        kind: 'skipped',
        origin: item.origin,
        reason: 'allow-listed',
        incomplete: false,
      });
      continue;
    }
    examined.add(item);
    if (item.kind === 'quiet') continue;
    const findings = scanChunk(item, options);
    // Most texts hold nothing, and nothing is waited for.
    if (findings === NOTHING) continue;
    for (const finding of await findings) {
      // Parts of a large file overlap: what stands in the overlap is seen twice.
      if (examined.isNew(finding)) yield examined.found(finding, options.failOn);
    }
  }
  return examined.summary();
}

/** Scans a source and collects what it gives. */
export async function scanAll(
  source: Source,
  options: ScanOptions,
): Promise<{ readonly findings: readonly Finding[]; readonly summary: Summary }> {
  const findings: Finding[] = [];
  const run = scan(source, options);
  for (;;) {
    const step = await run.next();
    if (step.done === true) return { findings, summary: step.value };
    findings.push(step.value);
  }
}

const NOTHING: readonly Finding[] = [];

function scanChunk(chunk: Chunk, options: ScanOptions): readonly Finding[] | Promise<readonly Finding[]> {
  const view = new View(chunk);
  const matches = options.engine.detect(view);
  if ('then' in matches) return matches.then((found) => toFindings(found, view, options));
  return matches.length === 0 ? NOTHING : toFindings(matches, view, options);
}

async function toFindings(
  matches: readonly JudgedMatch[],
  view: View,
  options: ScanOptions,
): Promise<readonly Finding[]> {
  const { chunk } = view;
  const places = new LineCounter(view);
  const findings: Finding[] = [];
  for (const match of matches) {
    const start = places.at(match.start);
    const end = places.at(match.end);
    if (!touchesAdded(chunk, start.line, end.line)) continue;
    findings.push(await toFinding(match, matches, view, start, end, options));
  }
  return findings;
}

/** A finding counts when one of its lines is new. */
function touchesAdded(chunk: Chunk, first: number, last: number): boolean {
  return chunk.added === undefined || chunk.added.some((range) => range.first <= last && first <= range.last);
}

async function toFinding(
  match: JudgedMatch,
  all: readonly JudgedMatch[],
  view: View,
  start: { readonly line: number; readonly column: number },
  end: { readonly line: number; readonly column: number },
  options: ScanOptions,
): Promise<Finding> {
  const details = await options.details(match.ruleId);
  const { origin } = view.chunk;
  const ended = endedBy(match, options.now);
  const finding: Finding = {
    rule: match.ruleId,
    title: details.title,
    provider: details.provider,
    severity: ended === undefined ? options.severityOf(match.ruleId) : 'low',
    confidence: match.confidence,
    reasons: ended === undefined ? match.reasons : [...match.reasons, ended],
    path: origin.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    ...(origin.commit !== undefined && { commit: origin.commit }),
    preview: mask(match.secret, { guessable: match.guessable }),
    excerpt: excerpt(view, match, all),
    fingerprint: fingerprint(match, all, view),
    identity: {
      ...details.identity,
      ...(match.account !== undefined && { account: withoutSecrets(match.account, all) }),
      ...(match.expires !== undefined && { expires: match.expires }),
    },
    advice: details.advice,
    references: details.references,
    ...(options.showSecrets && { secret: match.secret }),
  };
  const suppressedBy = await suppression(match, finding, view, options);
  if (suppressedBy === undefined) return finding;
  const { reason } = suppressedBy;
  // The reason of a comment is the rest of its line, whatever else stands there.
  const shown = reason === undefined ? suppressedBy : { ...suppressedBy, reason: withoutSecrets(reason, all) };
  return { ...finding, suppressedBy: shown };
}

/** Says that a credential's own expiry has passed: it is one, but opens nothing any more. */
function endedBy({ expires }: JudgedMatch, now: number | undefined): Evidence | undefined {
  if (expires === undefined || now === undefined || !(Date.parse(expires) <= now)) return undefined;
  return evidence('value-expired', `expired on ${expires.slice(0, 10)}: low severity`);
}

async function suppression(
  match: JudgedMatch,
  finding: Finding,
  view: View,
  options: ScanOptions,
): Promise<Suppression | undefined> {
  for (const suppressor of await options.suppressors()) {
    const found = suppressor.suppress(match, finding, view);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Counts what a run looked at and what it did not. */
class Examined {
  readonly #source: Source;
  readonly #started = process.hrtime.bigint();
  readonly #skipped = new Map<SkipReason, { count: number; incomplete: boolean; paths: string[] }>();
  readonly #seen = new Set<string>();
  #path: string | undefined;
  #commit: string | undefined;
  #files = 0;
  #bytes = 0;
  #lines = 0;
  #findings = 0;
  #blocking = 0;
  #suppressed = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  add(item: Chunk | Quiet): void {
    const { path, commit } = item.origin;
    if (path !== this.#path || commit !== this.#commit) {
      this.#files++;
      this.#path = path;
      this.#commit = commit;
      this.#seen.clear();
    }
    this.#bytes += item.kind === 'quiet' ? item.bytes : item.bytes.length;
    this.#lines += item.kind === 'quiet' ? item.lines : lineCount(item);
  }

  skip({ origin, reason, incomplete }: Skipped): void {
    let group = this.#skipped.get(reason);
    if (group === undefined) this.#skipped.set(reason, (group = { count: 0, incomplete: false, paths: [] }));
    group.count++;
    group.incomplete ||= incomplete;
    if (group.paths.length < 3 && !group.paths.includes(origin.path)) group.paths.push(origin.path);
  }

  isNew(finding: Finding): boolean {
    const key = `${finding.line}:${finding.column}:${finding.rule}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }

  found(finding: Finding, failOn: FailOn): Finding {
    if (finding.suppressedBy !== undefined) this.#suppressed++;
    else this.#findings++;
    if (isBlocking(finding, failOn)) this.#blocking++;
    return finding;
  }

  summary(): Summary {
    const skipped: SkippedGroup[] = [...this.#skipped].map(([reason, group]) => ({
      reason,
      text: SKIP_REASONS[reason],
      ...group,
    }));
    return {
      source: this.#source.name,
      files: this.#files,
      bytes: this.#bytes,
      lines: this.#lines,
      elapsed: Number(process.hrtime.bigint() - this.#started) / 1e6,
      findings: this.#findings,
      blocking: this.#blocking,
      suppressed: this.#suppressed,
      skipped,
      incomplete: skipped.some((group) => group.incomplete),
      notices: this.#source.notices ?? [],
    };
  }
}

function lineCount({ bytes, added }: Chunk): number {
  if (added !== undefined) return added.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  return bytes.length > 0 && bytes[bytes.length - 1] !== 10 ? lines + 1 : lines;
}
