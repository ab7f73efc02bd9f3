import { parentPort, workerData } from 'node:worker_threads';
import type { FileBatch, HistorySlice, PlaceTable } from '../core/chunk.ts';
import { SliceExaminer } from '../scan-history.ts';
import { FileReader } from '../sources/files.ts';
import { openScan, type ScanFlags } from './setup.ts';

/** What a worker is told at its start. */
export interface WorkerTask {
  readonly cwd: string;
  readonly root: string;
  readonly flags: Pick<ScanFlags, 'config'>;
}

/** What a worker is asked for, again and again. */
export type Question =
  | { readonly kind: 'files'; readonly batch: FileBatch }
  | { readonly kind: 'slice'; readonly slice: HistorySlice; readonly table: PlaceTable };

/**
 * The entry of another thread: it reads batches of files, or parts of a history, with an engine like the
 * main thread's, one after the other, and says which of them have findings. The findings themselves are made by the main thread.
 */
async function work(port: NonNullable<typeof parentPort>): Promise<void> {
  const { cwd, root, flags } = workerData as WorkerTask;
  const { engine, options } = await openScan({ cwd, env: process.env }, flags, root);
  const examiner = new SliceExaminer(engine, options.skipPath);
  const reader = new FileReader(engine.looker);
  let last: Promise<unknown> = Promise.resolve();
  port.on('message', (question: Question) => {
    last = last.then(async () => {
      port.postMessage(
        question.kind === 'files'
          ? await reader.examine(question.batch)
          : await examiner.examine(question.slice, question.table),
      );
    });
  });
}

if (parentPort !== null) void work(parentPort);
