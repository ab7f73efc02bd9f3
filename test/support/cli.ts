import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Summary } from '../../src/core/finding.ts';
import type { FindingRecord } from '../../src/reporters/record.ts';
import { TEST_NODE } from './nodes.ts';
import type { TemporaryRepository } from './repository.ts';

/** This checkout. */
export const PACKAGE: string = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

/** The built command line. */
export const CLI: string = join(PACKAGE, 'dist', 'keepmum.js');

export interface CliOptions {
  /** Default: the top level. */
  readonly cwd?: string;
  /** Added to the environment of the repository. */
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string | Uint8Array;
  readonly node?: string;
}

export interface CliResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command line in a repository. */
export function runCli(repo: TemporaryRepository, args: readonly string[], options: CliOptions = {}): CliResult {
  const { cwd = repo.root, env, input, node = TEST_NODE } = options;
  const result = spawnSync(node, [CLI, ...args], {
    cwd,
    env: { ...repo.env, ...env },
    input: input ?? '',
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 50_000,
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

/** One scan, as its two machine-readable reports tell it. */
export interface ScanResult extends CliResult {
  /** Without the summary for people, which is there too. */
  readonly err: string;
  readonly findings: readonly FindingRecord[];
  /** Absent where the scan could not start. */
  readonly summary: Summary | undefined;
}

/** `keepmum scan ARGS --format jsonl`, with the summary of the JSON report. */
export function scan(repo: TemporaryRepository, args: readonly string[], options: CliOptions = {}): ScanResult {
  const file = join(repo.home, 'report.json');
  rmSync(file, { force: true });
  const result = runCli(repo, ['scan', '--format', 'jsonl', '--output', `json=${file}`, ...args], options);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return {
    ...result,
    err: result.err.replace(/^keepmum: (?:no|[\d,]+) findings? [^]*/m, ''),
    findings: result.out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as FindingRecord),
    summary: text === '' ? undefined : (JSON.parse(text) as { readonly summary: Summary }).summary,
  };
}

/** A made-up live key of Stripe; made here because no file of ours may hold one. */
export function stripeKey(): string {
  return ['sk', 'live', `51${randomText(97)}`].join('_');
}

/** Texts drawn so far in this file of tests. */
let drawn = 0;

/**
 * Letters and digits that look random, the same in every run: each call in a file of tests gives
 * another text, and a test that fails fails again. Without vowels and x, so that chance never spells
 * `fake` or `xxxx`, which mark placeholders.
 */
export function randomText(length: number): string {
  const alphabet = 'BCDFGHJKLMNPQRSTVWZbcdfghjkmnpqrstvwz0123456789';
  const bytes = createHash('shake256', { outputLength: length * 4 })
    .update(`${drawn++}`)
    .digest();
  return Array.from({ length }, (_, at) => alphabet[bytes.readUInt32LE(at * 4) % alphabet.length]).join('');
}

/** `keepmum scan --staged` as an installed hook runs it: the shell starts git and Node side by side. */
export function runPiped(repo: TemporaryRepository, options: CliOptions = {}): CliResult {
  const { cwd = repo.root, env, node = TEST_NODE } = options;
  const script = '. "$1/staged.sh"; keepmum_staged "$2" "$1/keepmum.js"';
  const result = spawnSync('sh', ['-c', script, 'sh', join(PACKAGE, 'dist'), node], {
    cwd,
    env: { ...repo.env, ...env },
    input: '',
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 50_000,
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}
