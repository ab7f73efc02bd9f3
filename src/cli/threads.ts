import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { BatchReport, FileBatch, HistorySlice, PlaceTable, SliceReport, Threads } from '../core/chunk.ts';
import { tuneV8 } from './v8-tuning.ts';
import type { Question, WorkerTask } from './worker.ts';

/** Batches that must wait before a thread is started: it takes as long to start as these take to read. */
const WORTH_A_THREAD = 8;
/** Texts that are worth one before they are listed: of some repositories more files are left out than read. */
const TEXTS_WORTH_A_THREAD = 1000;
/** Batches that one thread has at a time, so that it never waits for the next: … */
const AT_A_TIME = 2;
/** … more where many wait, since who hands them out may be busy with a large file, and a part of what waits. */
const MOST_AT_A_TIME = 8;
const PART_OF_WAITING = 16;
/** Of a thread's memory, what is for things that live for a moment; more does not make it faster. */
const YOUNG_MEGABYTES = 6;
/** Each holds some 40 MB, and a scan is to take no more than 300. */
const MOST_THREADS = 3;

/** Threads, this one included, where nobody says how many. */
export function defaultThreads(): number {
  return Math.min(MOST_THREADS, availableParallelism());
}

/** Other threads, started when there is enough to do for them. */
export class WorkerThreads implements Threads {
  readonly #most: number;
  readonly #task: WorkerTask;
  readonly #file: string;
  readonly #workers: BusyWorker[] = [];

  /**
   * @param threads how many there may be, this one included
   * @param file the entry of such a thread
   */
  constructor(threads: number, file: string, task: WorkerTask) {
    this.#most = threads - 1;
    this.#file = file;
    this.#task = task;
  }

  expect(texts: number, of: Question['kind']): void {
    if (texts >= TEXTS_WORTH_A_THREAD && this.#most > 0 && this.#workers.length === 0) this.#start(of);
  }

  canTake(waiting: number): boolean {
    const most = Math.min(MOST_AT_A_TIME, Math.max(AT_A_TIME, Math.floor(waiting / PART_OF_WAITING)));
    if (this.#workers.some((worker) => worker.waiting < most)) return true;
    return this.#workers.length < this.#most && waiting >= WORTH_A_THREAD;
  }

  async examine(batch: FileBatch): Promise<BatchReport> {
    return (await this.#ask({ kind: 'files', batch })) as BatchReport;
  }

  async examineSlice(slice: HistorySlice, table: PlaceTable): Promise<SliceReport> {
    return (await this.#ask({ kind: 'slice', slice, table })) as SliceReport;
  }

  /** The answer is of the kind that was asked for. */
  #ask(question: Question): Promise<unknown> {
    let least: BusyWorker | undefined;
    for (const worker of this.#workers) if (worker.waiting < (least?.waiting ?? Infinity)) least = worker;
    // The next one is started once those that run have enough to go on with.
    if (least === undefined || (least.waiting >= AT_A_TIME && this.#workers.length < this.#most)) {
      least = this.#start(question.kind);
    }
    return least.ask(question);
  }

  #start(what: Question['kind']): BusyWorker {
    if (this.#workers.length === 0) tuneV8(this.#most + 1, what);
    const worker = new BusyWorker(this.#file, this.#task);
    this.#workers.push(worker);
    return worker;
  }

  /** Ends them at once, whatever they do. */
  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }
}

/** One thread, which answers in the order in which it was asked. */
class BusyWorker {
  readonly #worker: Worker;
  readonly #asked: { readonly resolve: (report: unknown) => void; readonly reject: (error: Error) => void }[] = [];
  #failure: Error | undefined;

  constructor(file: string, task: WorkerTask) {
    this.#worker = new Worker(file, {
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
    });
    this.#worker.on('message', (report: unknown) => {
      this.#asked.shift()?.resolve(report);
    });
    this.#worker.on('error', (error) => {
      this.#fail(error);
    });
    this.#worker.on('exit', () => {
      this.#fail(new Error('the thread has ended'));
    });
  }

  /** One that has failed takes nothing more. */
  get waiting(): number {
    return this.#failure === undefined ? this.#asked.length : Infinity;
  }

  ask(question: Question): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#asked.push({ resolve, reject });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
      this.#worker.postMessage(question);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure = error;
    for (const { reject } of this.#asked.splice(0)) reject(error);
  }
}
