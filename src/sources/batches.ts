import { setImmediate } from 'node:timers/promises';
import { isInShard, type Shard, type WholeDigest } from '../core/shard.ts';
import {
  skipsNothing,
  type BatchReport,
  type FileBatch,
  type ReadOptions,
  type Skipped,
  type SourceItem,
} from '../core/chunk.ts';
import { skipped } from './diff-source.ts';
import { originOf, type FileReader } from './files.ts';

/** Something of a list of files, in its order: files that are to be read, or what can be told without. */
export type Work = { readonly batch: FileBatch; readonly files: number } | { readonly skipped: readonly Skipped[] };

/** Files of the first batch and of a later one: the first are small, so that a few large files make several. */
const FIRST_FILES = 4;
const MOST_FILES = 32;
/** What is skipped and waits for more. */
const MOST_SKIPPED = 1000;
/** Batches that may wait, and that may be done out of order. */
const MOST_WAITING = 512;

/** Puts files together into batches, as they come. */
export class Batcher {
  readonly #skipPath: (path: string) => boolean;
  readonly #shard: Shard | undefined;
  readonly #whole: WholeDigest | undefined;
  /** Names are made text only where that decides something. */
  readonly #asksForPaths: boolean;
  #within: Omit<FileBatch, 'names'> | undefined;
  #names: Uint8Array[] = [];
  #skipped: Skipped[] = [];
  #size = FIRST_FILES;

  /**
   * @param shard what is not in it is left out without a word
   * @param whole told of every path
   */
  constructor(skipPath: (path: string) => boolean = skipsNothing, shard?: Shard, whole?: WholeDigest) {
    this.#skipPath = skipPath;
    this.#shard = shard;
    this.#whole = whole;
    this.#asksForPaths = skipPath !== skipsNothing || shard !== undefined || whole !== undefined;
  }

  /** `within` must be the same object for files of one batch; gives what is complete. */
  *add(within: Omit<FileBatch, 'names'>, name: Buffer): Generator<Work> {
    if (this.#asksForPaths) {
      const origin = originOf(name);
      this.#whole?.add(origin.path);
      if (!isInShard(origin.path, this.#shard)) return;
      if (this.#skipPath(origin.path)) {
        yield* this.#skip(skipped(origin, 'allow-listed'));
        return;
      }
    }
    if (this.#skipped.length > 0 || this.#within !== within) yield* this.end();
    this.#within = within;
    this.#names.push(name);
    if (this.#names.length >= this.#size) yield* this.end();
  }

  *tell(item: Skipped): Generator<Work> {
    this.#whole?.add(item.origin.path);
    if (isInShard(item.origin.path, this.#shard)) yield* this.#skip(item);
  }

  *#skip(item: Skipped): Generator<Work> {
    if (this.#names.length > 0 || this.#skipped.length >= MOST_SKIPPED) yield* this.end();
    this.#skipped.push(item);
  }

  /** What is left. */
  *end(): Generator<Work> {
    if (this.#skipped.length > 0) yield { skipped: this.#skipped };
    this.#skipped = [];
    if (this.#within === undefined || this.#names.length === 0) return;
    const files = this.#names.length;
    yield { batch: { ...this.#within, names: joined(this.#names) }, files };
    this.#names = [];
    this.#size = Math.min(MOST_FILES, this.#size * 2);
  }
}

/** Names, each with a NUL behind it. */
function joined(names: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(names.reduce((sum, { length }) => sum + length + 1, 0));
  let at = 0;
  for (const name of names) {
    all.set(name, at);
    at += name.length + 1;
  }
  return all;
}

/** A piece of work on its way. */
interface Job {
  readonly work: Work;
  report?: BatchReport;
}

/**
 * What is found in listed files, in the order of the list, whoever reads them: this thread and others take
 * batches as they come to it. A file with findings is read once more, here.
 */
export async function* inOrder(
  list: AsyncGenerator<Work>,
  reader: FileReader,
  { signal, threads, progress }: ReadOptions,
): AsyncGenerator<SourceItem> {
  const listing = new Listing(list);
  /** In the list's order; those before `next` are taken. */
  const jobs: Job[] = [];
  let next = 0;
  /** What another thread took and could not do. */
  const returned: Job[] = [];
  const done = { done: 0, bytes: 0 };
  // Also while this thread is in the midst of a batch.
  const handOut = (): void => {
    for (; next < jobs.length && threads?.canTake(jobs.length - next) === true; next++) {
      const job = jobs[next] as Job; // next < jobs.length
      if ('skipped' in job.work) continue;
      void threads.examine(job.work.batch).then(
        (report) => {
          job.report = report;
          handOut();
          listing.wake();
        },
        () => {
          returned.push(job);
          listing.wake();
        },
      );
    }
  };
  try {
    for (;;) {
      signal?.throwIfAborted();
      jobs.push(...listing.take(MOST_WAITING - jobs.length));
      handOut();
      const [first] = jobs;
      if (first !== undefined && ('skipped' in first.work || first.report !== undefined)) {
        jobs.shift();
        next = Math.max(0, next - 1);
        yield* itemsOf(first, reader);
        if (first.report !== undefined) {
          done.done += first.report.files;
          done.bytes += first.report.quiet.bytes;
          progress?.({ ...done, ...(listing.isComplete && { total: listing.files }) });
        }
        continue;
      }
      const job = returned.pop() ?? jobs[next];
      if (job !== undefined) {
        if (job === jobs[next]) next++;
        if ('batch' in job.work) job.report = await reader.examine(job.work.batch);
        // Timers, signals and other threads get a turn.
        await setImmediate();
      } else if (first === undefined && listing.isComplete) {
        return;
      } else {
        await listing.news();
      }
    }
  } finally {
    await listing.stop();
  }
}

async function* itemsOf({ work, report }: Job, reader: FileReader): AsyncGenerator<SourceItem> {
  if ('skipped' in work) {
    yield* work.skipped;
    return;
  }
  if (report === undefined) return;
  if (report.quiet.files > 0) yield { kind: 'quiet-files', ...report.quiet };
  for (const { name, skipped: skips } of report.marks) {
    if (skips === undefined) yield* reader.items(work.batch, Buffer.from(name));
    else yield* skips;
  }
}

/** A list that is read while there is room for more. */
class Listing {
  readonly #list: AsyncGenerator<Work>;
  #waiting: Job[] = [];
  #isRead = false;
  #error: unknown;
  #pull: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  /** Files that have been listed. */
  files = 0;

  constructor(list: AsyncGenerator<Work>) {
    this.#list = list;
    this.#read();
  }

  /** Nothing more will come. */
  get isComplete(): boolean {
    return this.#isRead && this.#waiting.length === 0;
  }

  /** Up to `most` of what has come, and goes on reading. @throws what the list throws */
  take(most: number): Job[] {
    if (this.#error !== undefined) throw this.#error;
    const taken = this.#waiting.splice(0, Math.max(0, most));
    this.#read();
    return taken;
  }

  /** Settles once something has come, or {@link wake} is called. */
  async news(): Promise<void> {
    if (this.#waiting.length > 0 || this.#error !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  /** Ends the list. */
  async stop(): Promise<void> {
    this.#isRead = true;
    await this.#pull;
    await this.#list.return(undefined);
  }

  #read(): void {
    if (this.#isRead || this.#pull !== undefined) return;
    this.#pull = this.#readOn().finally(() => {
      this.#pull = undefined;
    });
  }

  async #readOn(): Promise<void> {
    try {
      while (!this.#isRead && this.#waiting.length < MOST_WAITING) {
        const step = await this.#list.next();
        if (step.done === true) {
          this.#isRead = true;
        } else {
          this.#waiting.push({ work: step.value });
          if ('files' in step.value) this.files += step.value.files;
        }
        this.wake();
      }
    } catch (error) {
      this.#error = error;
      this.wake();
    }
  }
}
