import { parentPort, workerData } from 'node:worker_threads';
import type { FileBatch } from '../core/chunk.ts';
import { FileReader } from '../sources/files.ts';
import { openScan, type ScanFlags } from './setup.ts';

/** What a worker is told at its start. */
export interface WorkerTask {
  readonly cwd: string;
  readonly root: string;
  readonly flags: Pick<ScanFlags, 'config'>;
}

/**
 * The entry of another thread: it reads batches of files with an engine like the main thread's, one after
 * the other, and says which of them have findings. The findings themselves are made by the main thread.
 */
async function work(port: NonNullable<typeof parentPort>): Promise<void> {
  const { cwd, root, flags } = workerData as WorkerTask;
  const { engine } = await openScan({ cwd, env: process.env }, flags, root);
  const reader = new FileReader(engine.looker);
  let last: Promise<unknown> = Promise.resolve();
  port.on('message', (batch: FileBatch) => {
    last = last.then(async () => {
      port.postMessage(await reader.examine(batch));
    });
  });
}

if (parentPort !== null) void work(parentPort);
