import { resolve } from 'node:path';
import type { Source } from '../core/chunk.ts';
import { SKIP_REASONS } from '../core/chunk.ts';
import { KeepmumError } from '../core/errors.ts';
import { isBlocking, type Finding, type Summary } from '../core/finding.ts';
import { mergeSummaries } from '../core/merge-summaries.ts';
import { isInShard, shardName, WholeDigest, type Shard } from '../core/shard.ts';
import { findRepository } from '../git/repository.ts';
import { scan } from '../scan.ts';
import { exitCodeOf } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { LiveScan } from './live.ts';
import { readNamed } from './read-named.ts';
import { openReports, type ReportFlags } from './report.ts';
import { openScan, type ScanFlags } from './setup.ts';

/**
 * The repositories that a file names, one path on each line, relative to the folder that keepmum was started
 * in; empty lines and those that begin with `#` say nothing, and a path that comes twice counts once.
 * @throws {UsageError} where the file cannot be read
 */
export function readRepositoryList(file: string, cwd: string): readonly string[] {
  const text = readNamed(file, cwd, '--repos: ', 'name a file with one path on each line').toString();
  const lines = text.split('\n').map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== '' && !line.startsWith('#')))];
}

/**
 * Scans several repositories one after the other, into one report. Each is scanned with its own settings and
 * exceptions, but what blocks is decided by the settings that count in the folder keepmum was started in. One
 * that cannot be read is told, and the others go on.
 */
export async function scanRepositories(
  names: readonly string[],
  shard: Shard | undefined,
  source: Source['name'],
  sourceIn: (cwd: string) => Promise<Source>,
  flags: ScanFlags & ReportFlags,
  io: Io,
  live: (io: Io, root: string) => LiveScan,
): Promise<number> {
  const { failOn } = (await openScan(io, flags)).options;
  const reports = openReports(flags, (finding) => isBlocking(finding, failOn), io);
  const summaries: Summary[] = [];
  const whole = new WholeDigest();
  for (const name of names) whole.add(name);
  for (const name of names) {
    if (!isInShard(name, shard)) continue;
    const summary = await scanOne(name);
    summaries.push(summary);
    if (summary.interrupted === true) break;
  }
  const rest = mergeSummaries(summaries);
  const summary: Summary = {
    ...rest,
    source,
    failOn,
    ...(shard && { shard: shardName(shard), shardOf: whole.toString() }),
  };
  (await reports()).end(summary);
  return exitCodeOf(summary);

  async function scanOne(name: string): Promise<Summary> {
    const started = performance.now();
    const within = { ...io, cwd: resolve(io.cwd, name) };
    let running: LiveScan | undefined;
    try {
      await findRepository(within.cwd);
      const open = await openScan(within, flags);
      running = live(within, open.root);
      const run = scan(await sourceIn(within.cwd), { ...open.options, failOn, ...running.options });
      for (;;) {
        const step = await run.next();
        if (step.done === true) {
          const notices = [...step.value.notices, ...open.notices].map((notice) => `${name}: ${notice}`);
          return { ...step.value, skipped: step.value.skipped.map((group) => inside(name, group)), notices };
        }
        running.clear();
        (await reports()).finding(placed(step.value, name));
      }
    } catch (error) {
      if (!(error instanceof KeepmumError)) throw error;
      return unreadable(name, error, performance.now() - started);
    } finally {
      await running?.end();
    }
  }
}

function inside<T extends { readonly paths: readonly string[] }>(name: string, group: T): T {
  return { ...group, paths: group.paths.map((path) => `${name}/${path}`) };
}

function placed(finding: Finding, repository: string): Finding {
  const { history } = finding;
  return {
    ...finding,
    path: `${repository}/${finding.path}`,
    repository,
    ...(history && { history: inside(repository, history) }),
  };
}

function unreadable(name: string, error: KeepmumError, elapsed: number): Summary {
  return {
    ...mergeSummaries([]),
    elapsed,
    skipped: [{ reason: 'repository', text: SKIP_REASONS.repository, count: 1, incomplete: true, paths: [name] }],
    incomplete: true,
    notices: [`${name}: ${error.message}`],
  };
}
