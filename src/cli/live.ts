import { join } from 'node:path';
import type { Threads } from '../core/chunk.ts';
import type { ScanOptions } from '../scan.ts';
import type { Io } from './io.ts';
import { packageRoot } from './package-root.ts';
import { ProgressBar } from './progress-bar.ts';
import type { ScanFlags } from './setup.ts';
import { WorkerThreads } from './threads.ts';
import { limitYoungGeneration } from './young-generation.ts';

/** A scan of which nobody knows how long it takes: it may be watched, interrupted, and shared among threads. */
export interface LiveScan {
  readonly options: Pick<ScanOptions, 'signal' | 'threads' | 'progress'>;
  /** Makes room for output. */
  clear(): void;
  /** Ends what was started for it. */
  end(): Promise<void>;
}

/**
 * @param threads how many there may be, this one included
 * @param root the top of the working tree
 */
export function startLive(io: Io, flags: Pick<ScanFlags, 'config'>, root: string, threads: number): LiveScan {
  const controller = new AbortController();
  // A second one ends the process as it always does.
  const interrupt = (): void => {
    controller.abort();
  };
  process.once('SIGINT', interrupt);
  const bar = io.errIsTty && !io.env['CI'] && io.env['TERM'] !== 'dumb' ? barOf(io) : undefined;
  const endLimit = limitYoungGeneration();
  const pool = threads > 1 ? workers(threads, io, flags, root) : undefined;
  return {
    options: {
      signal: controller.signal,
      ...(pool && { threads: pool }),
      ...(bar && { progress: bar.show }),
    },
    clear: () => bar?.clear(),
    async end() {
      process.off('SIGINT', interrupt);
      endLimit();
      bar?.clear();
      await pool?.stop();
    },
  };
}

function barOf(io: Io): ProgressBar {
  return new ProgressBar(
    {
      get width() {
        return io.errWidth;
      },
      write: (text) => {
        io.err(text);
      },
    },
    () => performance.now(),
  );
}

function workers(
  threads: number,
  { cwd }: Io,
  { config }: Pick<ScanFlags, 'config'>,
  root: string,
): Threads & { stop(): Promise<void> } {
  const file = join(packageRoot(), 'dist', 'cli', 'main', 'worker.cjs');
  return new WorkerThreads(threads, file, { cwd, root, flags: { config } });
}
