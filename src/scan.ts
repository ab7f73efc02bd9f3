/**
 * The pipeline, top to bottom: a source gives text, the engine finds and judges, suppressions are
 * looked up, findings go out, and what was not examined is counted.
 */
import {
  SKIP_REASONS,
  type Chunk,
  type Progress,
  type Quiet,
  type QuietFiles,
  type Removed,
  type SkipReason,
  type Skipped,
  type Source,
  type Threads,
} from './core/chunk.ts';
import {
  isBlocking,
  type FailOn,
  type Finding,
  type Severity,
  type SkippedGroup,
  type Summary,
} from './core/finding.ts';
import { byReason, keepExample } from './core/merge-summaries.ts';
import { shardName } from './core/shard.ts';
import { countNewLines } from './core/line-count.ts';
import { View } from './core/view.ts';
import type { Engine, JudgedMatch } from './engine/engine.ts';
import type { RuleDetails } from './rules/compiled.ts';
import type { Suppressor } from './suppress/suppressor.ts';

/** Everything that a scan needs, resolved; nothing in the pipeline reads settings, flags or files. */
export interface ScanOptions {
  readonly engine: Pick<Engine, 'detect' | 'sieve'> & Partial<Pick<Engine, 'looker' | 'farWords'>>;
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
  /** Other threads, with an engine like this one, that a source may use. */
  readonly threads?: Threads;
  readonly progress?: (progress: Progress) => void;
}

/**
 * Scans one source. Findings come in the source's order, suppressed ones included and marked; the
 * generator returns the summary.
 * @throws {KeepmumError} when the source as a whole cannot be read or a rule cannot work
 */
export async function* scan(source: Source, options: ScanOptions): AsyncGenerator<Finding, Summary> {
  const examined = new Examined(source, options.failOn);
  const { engine, skipPath, signal, threads, progress } = options;
  try {
    const reading = {
      sieve: engine.sieve,
      ...(engine.looker && { looker: engine.looker }),
      skipPath,
      ...(signal && { signal }),
      ...(threads && { threads }),
      ...(progress && { progress }),
    };
    if (source.history !== undefined) {
      const { scanHistory } = await import('./scan-history.ts');
      yield* scanHistory(source.history, options, reading, examined);
      return examined.summary();
    }
    for await (const item of source.read(reading)) {
      if (item.kind === 'quiet-files') {
        examined.addFiles(item);
        continue;
      }
      if (item.kind === 'removed') {
        if (!options.skipPath(item.origin.path)) examined.lose(await findingsIn(item, options));
        continue;
      }
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
      const findings = scanChunk(item, options, (reason) => {
        examined.skip({ kind: 'skipped', origin: item.origin, reason, incomplete: false });
      });
      // Most texts hold nothing, and nothing is waited for.
      if (findings === NOTHING) continue;
      for (const finding of await findings) {
        // Parts of a large file overlap: what stands in the overlap is seen twice.
        if (examined.isNew(finding)) yield examined.found(finding);
      }
    }
  } catch (error) {
    // What was found until then is worth something.
    if (signal?.aborted !== true) throw error;
    examined.interrupt();
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

function scanChunk(
  chunk: Chunk,
  options: ScanOptions,
  skip?: (reason: SkipReason) => void,
): readonly Finding[] | Promise<readonly Finding[]> {
  const view = new View(chunk);
  const matches = options.engine.detect(view, skip);
  if ('then' in matches) return matches.then((found) => findingsOf(found, view, options));
  return matches.length === 0 ? NOTHING : findingsOf(matches, view, options);
}

async function findingsOf(
  matches: readonly JudgedMatch[],
  view: View,
  options: ScanOptions,
): Promise<readonly Finding[]> {
  if (matches.length === 0) return NOTHING;
  const { toFindings } = await import('./findings.ts');
  return toFindings(matches, view, options);
}

/** What stood in text that is taken out. */
async function findingsIn({ origin, bytes }: Removed, options: ScanOptions): Promise<readonly Finding[]> {
  return scanChunk({ kind: 'chunk', origin, bytes, firstLine: 1, whole: false, newFile: false }, options);
}

const INTERRUPTED = 'interrupted: what had not been reached by then was not examined';

/** Counts what a run looked at and what it did not. */
export class Examined {
  readonly #source: Source;
  readonly #failOn: FailOn;
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
  #interrupted = false;
  readonly #lost = new Map<string, Finding>();
  readonly #foundPrints = new Set<string>();

  constructor(source: Source, failOn: FailOn) {
    this.#source = source;
    this.#failOn = failOn;
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
    this.#lines += item.kind === 'quiet' ? item.lines : countNewLines(item);
  }

  addFiles({ files, bytes, lines }: Omit<QuietFiles, 'kind'>): void {
    this.#files += files;
    this.#bytes += bytes;
    this.#lines += lines;
  }

  skip({ origin, reason, incomplete }: Skipped): void {
    let group = this.#skipped.get(reason);
    if (group === undefined) this.#skipped.set(reason, (group = { count: 0, incomplete: false, paths: [] }));
    group.count++;
    group.incomplete ||= incomplete;
    keepExample(group.paths, origin.path);
  }

  isNew(finding: Finding): boolean {
    const key = `${finding.line}:${finding.column}:${finding.rule}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }

  /** Findings in text that is taken out; one that comes in elsewhere, or that is excepted, is none. */
  lose(findings: readonly Finding[]): void {
    for (const finding of findings) {
      if (finding.suppressedBy === undefined && finding.confidence !== 'possible') {
        this.#lost.set(finding.fingerprint, finding);
      }
    }
  }

  found(finding: Finding): Finding {
    this.#foundPrints.add(finding.fingerprint);
    if (finding.suppressedBy !== undefined) this.#suppressed++;
    else this.#findings++;
    if (isBlocking(finding, this.#failOn)) this.#blocking++;
    return finding;
  }

  /** Of what was taken out, and is still in history. */
  #hints(): string[] {
    const lost = [...this.#lost.values()].filter(({ fingerprint }) => !this.#foundPrints.has(fingerprint));
    const [first] = lost;
    if (first === undefined) return [];
    const others = lost.length > 1 ? ` (and ${lost.length - 1} more)` : '';
    return [
      `what is taken out of ${first.path} held a secret, ${first.title}${others}: earlier commits still hold it, so rotate it`,
    ];
  }

  interrupt(): void {
    this.#interrupted = true;
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
      failOn: this.#failOn,
      suppressed: this.#suppressed,
      skipped: skipped.toSorted(byReason),
      incomplete: this.#interrupted || skipped.some((group) => group.incomplete),
      ...(this.#interrupted && { interrupted: true }),
      ...(this.#source.shard && { shard: shardName(this.#source.shard) }),
      ...(this.#source.shardOf !== undefined && !this.#interrupted && { shardOf: this.#source.shardOf }),
      notices: [...(this.#interrupted ? [INTERRUPTED] : []), ...(this.#source.notices ?? []), ...this.#hints()],
    };
  }
}
