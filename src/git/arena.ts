import { firstAt } from '../core/first-at.ts';
import { freeMemory } from '../core/free-memory.ts';

/** Parts start at offsets that can be divided by this, bytes. */
const ALIGNMENT = 64;

/**
 * One piece of memory for many texts that come and go, the first part that is large enough for each: fresh memory costs more
 * than filling it, waits to be collected, and leaves gaps that nothing else fits into. What was never written to takes none.
 */
export class Arena {
  readonly #size: number;
  #memory: Buffer | undefined;
  /** Parts that are free, by where they start: none touches the next. */
  readonly #starts: number[] = [0];
  readonly #sizes: number[];

  /** @param size bytes; what finds no room gets memory of its own */
  constructor(size: number) {
    this.#size = size;
    this.#sizes = [size];
  }

  /** Memory for a text of `size` bytes, which holds anything. */
  take(size: number): Buffer {
    const wanted = aligned(size);
    const part = this.#sizes.findIndex((free) => free >= wanted);
    if (part < 0) return Buffer.allocUnsafeSlow(size);
    this.#memory ??= Buffer.allocUnsafeSlow(this.#size);
    const start = this.#starts[part] ?? 0;
    const left = (this.#sizes[part] ?? 0) - wanted;
    if (left > 0) {
      this.#starts[part] = start + wanted;
      this.#sizes[part] = left;
    } else {
      this.#remove(part);
    }
    return this.#memory.subarray(start, start + size);
  }

  /** Gives back, once, what `take` gave; no part of it may be in use. */
  give(text: Buffer): void {
    if (text.buffer !== this.#memory?.buffer) {
      freeMemory(text.buffer);
      return;
    }
    const start = text.byteOffset - this.#memory.byteOffset;
    const size = aligned(text.length);
    const next = firstAt(this.#starts, (free) => free > start);
    const touchesNext = this.#starts[next] === start + size;
    const touchesLast = next > 0 && (this.#starts[next - 1] ?? 0) + (this.#sizes[next - 1] ?? 0) === start;
    if (touchesLast) {
      this.#sizes[next - 1] = (this.#sizes[next - 1] ?? 0) + size + (touchesNext ? (this.#sizes[next] ?? 0) : 0);
      if (touchesNext) this.#remove(next);
    } else if (touchesNext) {
      this.#starts[next] = start;
      this.#sizes[next] = (this.#sizes[next] ?? 0) + size;
    } else {
      this.#starts.splice(next, 0, start);
      this.#sizes.splice(next, 0, size);
    }
  }

  #remove(part: number): void {
    this.#starts.splice(part, 1);
    this.#sizes.splice(part, 1);
  }
}

function aligned(size: number): number {
  return Math.max(1, Math.ceil(size / ALIGNMENT)) * ALIGNMENT;
}
