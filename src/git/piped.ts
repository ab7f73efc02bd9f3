import { readSync } from 'node:fs';
import type { GitStream } from './run.ts';

/** Most that is taken, in bytes; a larger output is asked for again, as a stream. */
const MOST = 16 << 20;
/** What a pipe of Linux holds. */
const PIPE = 65_536;

/** Between git's output and its exit code. */
export const PIPE_END = '\0keepmum git ended ';

/**
 * Output of git that comes through a pipe, with {@link PIPE_END}, git's exit code and a line end behind it:
 * the shell of a hook starts git and Node side by side, and neither waits for the other to start.
 */
export class PipedOutput {
  readonly #fd: number;
  readonly #long: number;
  readonly #whenLong: () => void;
  #isLong = false;
  #bytes: Buffer = Buffer.allocUnsafeSlow(4 * PIPE);
  #length = 0;
  #state: 'open' | 'ended' | 'broken' = 'open';

  /** @param whenLong called once, when more than `long` bytes have come */
  constructor(fd: number, long: number, whenLong: () => void) {
    this.#fd = fd;
    this.#long = long;
    this.#whenLong = whenLong;
  }

  /** More bytes than that have come. */
  get isLong(): boolean {
    return this.#isLong;
  }

  /** Takes what there is, and waits for it if need be: git goes on once its pipe is no longer full. */
  readSome(): void {
    if (this.#state !== 'open') return;
    if (this.#length === this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(this.#length * 2);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    try {
      const size = readSync(this.#fd, this.#bytes, this.#length, this.#bytes.length - this.#length, null);
      this.#length += size;
      if (this.#length > this.#long && !this.#isLong) {
        this.#isLong = true;
        this.#whenLong();
      }
      if (size === 0) this.#state = 'ended';
      else if (this.#length > MOST) this.#state = 'broken';
    } catch {
      this.#state = 'broken';
    }
  }

  /** @param askAgain used where git failed or not all of its output came */
  stream(askAgain: () => GitStream): GitStream {
    const readAll = (): Buffer | undefined => this.#readAll();
    let again: GitStream | undefined;
    return {
      stop() {
        again?.stop();
      },
      async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
        const output = readAll();
        if (output !== undefined) yield output;
        else yield* (again = askAgain());
      },
    };
  }

  #readAll(): Buffer | undefined {
    while (this.#state === 'open') this.readSome();
    if (this.#state === 'broken') return undefined;
    const end = `${PIPE_END}0\n`;
    const length = this.#length - end.length;
    if (length < 0 || this.#bytes.latin1Slice(length, this.#length) !== end) return undefined;
    return this.#bytes.subarray(0, length);
  }
}
