/**
 * The library: a scanner with the rules and the settings that count in a folder, the sources of text
 * it can read, and what comes out of it. It prints nothing and ends no process. See docs/library.md.
 */
import { openScan } from './cli/setup.ts';
import type { Source } from './core/chunk.ts';
import { isBlocking, type FailOn, type Finding, type Summary } from './core/finding.ts';
import { scan, scanAll, type ScanOptions } from './scan.ts';

export * from './sources/index.ts';
export type {
  Chunk,
  LineRange,
  Origin,
  Quiet,
  ReadOptions,
  Removed,
  Sieve,
  SievedText,
  Skipped,
  SkipReason,
  Source,
  SourceItem,
} from './core/chunk.ts';
export type {
  Advice,
  Confidence,
  Evidence,
  Excerpt,
  FailOn,
  Finding,
  Half,
  Identity,
  Severity,
  SkippedGroup,
  Summary,
  Suppression,
} from './core/finding.ts';
export {
  ConfigError,
  ExceptionError,
  GitError,
  KeepmumError,
  RuleError,
  SourceError,
  UsageError,
} from './core/errors.ts';

export interface ScannerOptions {
  /** A folder; settings and exceptions are read from the top of the repository that it is in. */
  readonly cwd: string;
  /** A file instead of `.keepmum.yaml`, relative to `cwd`; `false` for no settings at all. */
  readonly config?: string | false;
  /** From where on a finding blocks, over what the settings say. */
  readonly failOn?: Partial<FailOn>;
  /** Puts the whole value into {@link Finding.secret}. */
  readonly showSecrets?: boolean;
}

/** What a whole scan gave. */
export interface ScanResult {
  /** In the order of the source; suppressed ones are among them, with `suppressedBy`. */
  readonly findings: readonly Finding[];
  readonly summary: Summary;
}

/** Rules and settings made ready. It can be used for any number of scans, one after another or at a time. */
export interface Scanner {
  /** The top of the working tree, or `cwd` outside of one. */
  readonly root: string;
  /** @returns that the finding is at or above the threshold, and nothing suppresses it */
  blocks(finding: Finding): boolean;
  /**
   * Findings as they are found; the generator returns the summary.
   * @throws {KeepmumError} when the source as a whole cannot be read
   */
  scan(source: Source, signal?: AbortSignal): AsyncGenerator<Finding, Summary>;
  /** Collects what {@link scan} gives. @throws {KeepmumError} as it does */
  scanAll(source: Source, signal?: AbortSignal): Promise<ScanResult>;
}

/**
 * Reads the settings that count in a folder, and makes a scanner with them.
 * @throws {ConfigError} on settings that are not valid
 * @throws {RuleError} on a rule of the user's that cannot work
 */
export async function createScanner(options: ScannerOptions): Promise<Scanner> {
  const { cwd, config, failOn: over, showSecrets } = options;
  const open = await openScan({ cwd, env: process.env }, { config, showSecrets });
  const failOn: FailOn = { ...open.options.failOn, ...over };
  const optionsOf = (signal?: AbortSignal): ScanOptions => ({ ...open.options, failOn, ...(signal && { signal }) });
  const withNotices = (summary: Summary): Summary => ({ ...summary, notices: [...summary.notices, ...open.notices] });
  return {
    root: open.root,
    blocks: (finding) => isBlocking(finding, failOn),
    async *scan(source, signal) {
      return withNotices(yield* scan(source, optionsOf(signal)));
    },
    async scanAll(source, signal) {
      const { findings, summary } = await scanAll(source, optionsOf(signal));
      return { findings, summary: withNotices(summary) };
    },
  };
}
